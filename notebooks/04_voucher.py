# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. The life of a voucher
#
# A buyer in Peru is shown a code, and carries it to a shop that takes cash. Days later our till, the gateway and the bank have each
# told their part of the story: late, twice, in the wrong order. This notebook follows the money through the stories that cost shops most:
# a payment that came **late**, one that came **twice**, a **refund in part**, and cash that goes out again as a **payout**.
#
# For the analyst: every story ends in a table of who said what and what it did, and in balances that sum to zero. For the engineer: a
# voucher is a value. `apply` gives a new one and the outcome; it reads no clock, asks nobody, and does not mind the order.
#
# It needs cuadre, Polars and matplotlib.

# %%
import itertools
import random
from datetime import UTC, datetime, timedelta

import matplotlib.pyplot as plt
import polars as pl

from cuadre import Money, machines
from cuadre.voucher import Event, Voucher, replay

hour = timedelta(hours=1)
noon = datetime(2026, 3, 2, 12, tzinfo=UTC)  # nothing here reads a clock: every moment is said


def soles(text: str) -> Money:
    return Money(text, "PEN")


# %% [markdown]
# ## The machine
#
# All that can happen to a voucher stands in one table, and this picture is drawn from it. Follow the thick line from *created* to
# *settled*: that is how it should go. Where a line has a dot, it can be taken from that state; the event beside the arrow takes it. In the
# amber states money is there, and a person has to decide about it. `cuadre machines draw voucher --out voucher.svg` draws the same in a shell.

# %%
machines.draw("voucher")

# %% [markdown]
# The table itself answers the questions that the picture raises. What if a voucher that is paid is paid again?

# %%
print(machines.table("voucher", state="paid", event="paid"))

# %% [markdown]
# ## Paid late
#
# A voucher of 50 soles, good for two days. The buyer pays two hours too late, at a till that did not know.

# %%
voucher = Voucher.issue(
    gateway="pagoefectivo",
    reference="A-1001",
    amount=soles("50.00"),
    issued_at=noon,
    expires_at=noon + 48 * hour,
)
late = [
    Event("pending", id="notice-0001", occurred_at=noon, received_at=noon),
    Event("expired", id="expiry-A-1001", occurred_at=noon + 48 * hour, received_at=noon + 48 * hour, source="clock"),
    Event(
        "paid",
        id="notice-0002",
        operation_id="3018447001",
        amount=soles("50.00"),
        occurred_at=noon + 50 * hour,
        received_at=noon + 51 * hour,
    ),
]
for event in late:
    voucher, outcome = voucher.apply(event)
    print(outcome)

# %% [markdown]
# Nothing is lost and nothing is guessed. The cash is there, but it is not ours yet: the gateway owes us 50 soles, and we owe them to
# the buyer until somebody decides.

# %%
voucher.balances

# %% [markdown]
# A person accepts it. Days later the settlement file shows the payment, less a fee and the tax on the fee; its row speaks of the same
# operation, `3018447001`, so no money is counted twice.

# %%
accepted = Event(
    "accepted", id="case-17", person="rosa", occurred_at=noon + 55 * hour, received_at=noon + 55 * hour, source="operator"
)
settled = Event(
    "settled",
    id="liquidation-88/3",
    operation_id="3018447001",
    amount=soles("50.00"),
    fee=soles("1.75"),
    tax=soles("0.32"),
    occurred_at=noon + 50 * hour,  # when the cash was paid, as the row says
    received_at=noon + 98 * hour,
    source="settlement",
)
for event in (accepted, settled):
    voucher, outcome = voucher.apply(event)
voucher.timeline()


# %% [markdown]
# The books of a voucher are double entry: each step puts as much on one account as it takes from others, so the balances sum to
# zero at every moment. Below zero is owed: 50 soles are the merchant's, and stand on the bank account, with the gateway's fee and the tax.


# %%
def balances(*records) -> pl.DataFrame:
    """The accounts of all records together, and the proof that they sum to zero."""
    rows = [(account, balance.amount) for record in records for account, balance in record.balances.items()]
    table = pl.DataFrame(rows, schema={"account": pl.String, "amount": pl.Decimal(18, 2)}, orient="row")
    assert table["amount"].sum() == 0
    return table.group_by("account", maintain_order=True).agg(pl.sum("amount"))


balances(voucher)

# %% [markdown]
# ## Any order, any number of times
#
# Gateways repeat their notifications, and the second may overtake the first. A voucher *is* the set of what it was told, so that makes no
# difference. Here the five events come in every one of their 120 orders, each with one of them told twice:

# %%
events = [*late, accepted, settled]
fresh = Voucher.issue(
    gateway="pagoefectivo",
    reference="A-1001",
    amount=soles("50.00"),
    issued_at=noon,
    expires_at=noon + 48 * hour,
)
ends = set()
for order in itertools.permutations(events):
    told = fresh
    for event in (*order, order[2]):
        told, outcome = told.apply(event)
    assert outcome.name == "duplicate"
    ends.add((told.state, tuple(sorted(told.balances.items(), key=str))))
assert ends == {(voucher.state, tuple(sorted(voucher.balances.items(), key=str)))}
ends

# %% [markdown]
# For the engineer, one column of text keeps a voucher: `to_json` writes it, `from_json` reads it and works the state out anew.

# %%
text = voucher.to_json()
assert Voucher.from_json(text) == voucher
print(text[:160], "...")

# %% [markdown]
# ## Paid twice
#
# The buyer sends a brother with a photo of the same code. A second payment has an operation of its own; that is how it differs from a
# notification told twice. (Without an operation or an id no machine could tell them apart.)

# %%
again = Event(
    "paid",
    id="notice-0009",
    operation_id="3018447002",
    amount=soles("50.00"),
    occurred_at=noon + 60 * hour,
    received_at=noon + 60 * hour,
)
twice, outcome = voucher.apply(again)
print(outcome)
print(twice.state, "| needs a person:", twice.needs_review)
balances(twice)

# %% [markdown]
# ## A refund in part, and the second pair of eyes
#
# May we give the second payment back? The voucher answers from the same table that will decide, and says why not, and until when. What a
# gateway gives back comes with cuadre, dated and with its source: `cuadre rules show pagoefectivo`. It stays with the voucher from its issue.

# %%
asked_at = noon + 100 * hour
print(twice.may("refund", soles("50.00"), at=asked_at))

# %% [markdown]
# PagoEfectivo gives money back only after it was handed on. So first the second payment is settled, too; then Luis asks for it.
# `request_refund` sets the money aside in the voucher, so that two refunds at the same time cannot give back more than there is.

# %%
settled_again = Event(
    "settled",
    id="liquidation-89/1",
    operation_id="3018447002",
    amount=soles("50.00"),
    fee=soles("1.75"),
    tax=soles("0.32"),
    occurred_at=noon + 60 * hour,
    received_at=noon + 99 * hour,
    source="settlement",
)
twice, outcome = twice.apply(settled_again)
print(twice.may("refund", soles("50.00"), at=asked_at))
print(twice.may("refund", soles("50.00"), at=noon + 200 * 24 * hour))
twice, refund, outcome = twice.request_refund(
    id="R-1", amount=soles("50.00"), reason_code="paid_twice", at=asked_at, requested_by="luis", approvals_needed=1
)
print(outcome)
print(refund, "| set aside:", twice.reserved)


# %%
def decision(person: str, id: str) -> Event:
    return Event("approved", id=id, person=person, occurred_at=asked_at + hour, received_at=asked_at + hour, source="operator")


refund, outcome = refund.apply(decision("luis", "case-18"))
print(outcome)
refund, outcome = refund.apply(decision("rosa", "case-19"))
print(outcome)

# %% [markdown]
# Now it goes to the gateway, under a key of its own. No answer is not a *no*: the refund is `unknown`, and what may be done then is to
# ask, or to send it again under the same key. Sending it under another key would give the money back twice, and is refused.

# %%
sent_at = asked_at + 2 * hour
steps = [
    Event("sent", id="key-1", occurred_at=sent_at, received_at=sent_at, source="request"),
    Event("timed_out", id="t-1", occurred_at=sent_at + hour, received_at=sent_at + hour, source="request"),
    Event("sent", id="key-2", occurred_at=sent_at + 2 * hour, received_at=sent_at + 2 * hour, source="request"),
    Event("sent", id="key-1", occurred_at=sent_at + 3 * hour, received_at=sent_at + 3 * hour, source="request"),
    Event(
        "refunded",
        id="notice-0021",
        operation_id="R-1",
        amount=soles("50.00"),
        occurred_at=sent_at + 4 * hour,
        received_at=sent_at + 4 * hour,
    ),
]
for event in steps:
    refund, outcome = refund.apply(event)
    print(f"{outcome.name:>9}: {outcome}")

# %% [markdown]
# The refund tells its voucher, and together their accounts hold nothing that is owed any more: `refunds` is back at zero.

# %%
twice, outcome = twice.apply(refund.voucher_event())
print(outcome)
together = balances(twice, refund)
assert together.filter(pl.col("account") == "refunds")["amount"].sum() == 0
together

# %% [markdown]
# The second payment is gone and the first one stays: the voucher is settled again. Then something in the parcel is broken, and the
# shop gives back **a part** of the first payment. What is left after 20 soles is 30, so 30.01 more cannot be set aside by anybody.

# %%
twice, part, outcome = twice.request_refund(id="R-2", amount=soles("20.00"), reason_code="damaged", at=sent_at + 10 * hour)
given = Event(
    "refunded",
    id="notice-0030",
    operation_id="R-2",
    amount=soles("20.00"),
    occurred_at=sent_at + 12 * hour,
    received_at=sent_at + 12 * hour,
)
part, _ = part.apply(
    Event("sent", id="key-3", occurred_at=sent_at + 11 * hour, received_at=sent_at + 11 * hour, source="request")
)
part, _ = part.apply(given)
twice, outcome = twice.apply(part.voucher_event())
print(outcome)
twice, nothing, outcome = twice.request_refund(id="R-3", amount=soles("30.01"), reason_code="damaged", at=sent_at + 13 * hour)
print(outcome, nothing)
twice.timeline()

# %% [markdown]
# ## Cash out
#
# In Colombia most cash cannot go back the way it came: at Efecty money is given back against a code. The refund is then handed to a **payout**: a code with which the buyer collects
# cash. The refund stays open until the cash is collected; if nobody comes in time, the money is free again and the refund may try anew.

# %%
peso = Money(80_000, "COP")
colombian = Voucher.issue(gateway="efecty", reference="B-7", amount=peso, issued_at=noon, expires_at=noon + 48 * hour)
colombian, _ = colombian.apply(
    Event("paid", id="e-1", operation_id="55", amount=peso, occurred_at=noon + hour, received_at=noon + hour)
)
colombian, refund, _ = colombian.request_refund(id="R-9", amount=peso, reason_code="returned_goods", at=noon + 20 * hour)
refund, payout, outcome = refund.start_payout(reference="P-1", at=noon + 21 * hour, expires_at=noon + 93 * hour)
print(outcome)
for kind, hours in (("sent", 21), ("waiting", 22), ("collected", 40)):
    moment = noon + hours * hour
    amount = peso if kind == "collected" else None
    source = "request" if kind == "sent" else "notification"
    payout, outcome = payout.apply(
        Event(kind, id=f"p-{hours}", amount=amount, occurred_at=moment, received_at=moment, source=source)
    )
    print(outcome)
refund, _ = refund.apply(payout.refund_event())
colombian, _ = colombian.apply(refund.voucher_event())
print(colombian.state, refund.state, payout.state)

# %% [markdown]
# Three records, three sets of books. Put together, the shop owes nobody anything, and has nothing: what the gateway took in, it gave out.

# %%
together = balances(colombian, refund, payout)
assert set(together["amount"]) == {0}
together

# %% [markdown]
# The stories are told in Spanish, too:

# %%
payout.timeline("es")

# %% [markdown]
# ## Twenty thousand at once
#
# Last, what an analyst asks about a month: how many are where, and whose is the money? Twenty thousand vouchers are made up here, most of
# them paid in time. Their events come shuffled, one in ten is told twice, and nobody looked at the clock: not one *expired* among them.

# %%
chance = random.Random(7)
issued, told = [], []
for number in range(20_000):
    made = noon + chance.randrange(240) * hour
    amount = Money.from_minor(chance.randrange(10_00, 300_00), "PEN").amount
    issued.append((f"C-{number:05}", amount, "PEN", made, made + 48 * hour))
    for nth, delay in enumerate(chance.choices([[20], [20, 30], [60], []], weights=[80, 3, 5, 12])[0]):
        paid = made + delay * hour
        payment = f"{number}-{nth}"
        told.append((f"C-{number:05}", "paid", "notification", f"n{payment}", payment, amount, paid, paid + hour))
        told.append(
            (f"C-{number:05}", "settled", "settlement", f"s{payment}", payment, amount, paid + 48 * hour, paid + 60 * hour)
        )
told += chance.sample(told, len(told) // 10)
chance.shuffle(told)

soles_type, time_type = pl.Decimal(18, 2), pl.Datetime("us", "UTC")
vouchers = pl.DataFrame(
    issued,
    schema={
        "reference": pl.String,
        "amount": soles_type,
        "currency": pl.String,
        "issued_at": time_type,
        "expires_at": time_type,
    },
    orient="row",
)
events = pl.DataFrame(
    told,
    schema={
        "reference": pl.String,
        "kind": pl.String,
        "source": pl.String,
        "id": pl.String,
        "operation_id": pl.String,
        "amount": soles_type,
        "occurred_at": time_type,
        "received_at": time_type,
    },
    orient="row",
).with_columns(currency=pl.lit("PEN"))
events.head(3)

# %% [markdown]
# `replay` folds two tables at once, by the very rules of `apply`, and gives a row for each voucher and for each event. Any table that speaks
# Arrow will do, on either side.

# %%
done = replay(vouchers, events)
done

# %% [markdown]
# The clock is a source like any other. `due` makes the expiries that are over, as events to be added to the rest; at once the states are
# those that they would have been with an alarm clock for every voucher.

# %%
month_end = noon + 20 * 24 * hour
swept = pl.DataFrame(done.due(month_end))
done = replay(vouchers, pl.concat([events, swept], how="diagonal_relaxed"))
records = pl.DataFrame(done.records)
records.group_by("state").agg(vouchers=pl.len(), paid=pl.sum("paid"), undecided=pl.sum("held")).sort("state")

# %% [markdown]
# The books of all of them, and the proof: money of the merchant, money that people have to decide about, and where it lies.

# %%
accounts = records.select(pl.sum("^balance_.*$")).unpivot(variable_name="account", value_name="amount")
assert accounts["amount"].sum() == 0
accounts.filter(pl.col("amount") != 0)

# %% [markdown]
# And how did things stand on each day? `at` looks back: only what had occurred by then counts, by what is known today.

# %%
days = [noon + 24 * hour * day for day in range(16)]
states = ["created", "paid", "settled", "paid_late", "paid_twice", "expired"]
counts: dict[str, list[int]] = {state: [] for state in states}
for day in days:
    made_by_then = vouchers.filter(pl.col("issued_at") <= day)
    known = events.filter(pl.col("reference").is_in(made_by_then["reference"].implode()))
    then = dict(pl.DataFrame(replay(made_by_then, known, at=day).records).group_by("state").len().iter_rows())
    for state in states:
        counts[state].append(then.get(state, 0))

figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
axes.stackplot(range(len(days)), counts.values(), labels=[state.replace("_", " ") for state in states])
axes.set_xlabel("day")
axes.set_ylabel("vouchers")
axes.set_title("Twenty thousand vouchers, day by day")
axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), reverse=True)
plt.show()

# %% [markdown]
# One of them, taken out and told to a voucher event by event: the same end.

# %%
one = records.filter(pl.col("state") == "paid_twice").row(0, named=True)
terms = vouchers.filter(pl.col("reference") == one["reference"]).row(0, named=True)
alone = Voucher.issue(
    gateway="pagoefectivo",
    reference=terms["reference"],
    amount=Money(terms["amount"], "PEN"),
    issued_at=terms["issued_at"],
    expires_at=terms["expires_at"],
)
for row in events.filter(pl.col("reference") == one["reference"]).drop("reference", "currency").iter_rows(named=True):
    alone, _ = alone.apply(Event(**row | {"amount": Money(row["amount"], "PEN")}))
assert alone.state == one["state"]
assert alone.balances["buyer"].amount == one["balance_buyer"]
alone.timeline()
