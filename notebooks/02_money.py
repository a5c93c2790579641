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
# # 2. Where the money of a sale goes
#
# A shop in Colombia sells something for 20,000 pesos through a gateway. What arrives on its account? The gateway keeps a fee, the state
# takes a tax on the fee, and on card sales three withholdings come off as well; on cash sales none of them does. This notebook
# works that statement out and says of each cent where it comes from. The figures are those of a sample that PayU Latam publishes;
# put your own contract in their place and the rest stays.
#
# It needs cuadre, Polars and matplotlib.

# %%
import datetime
import warnings
from decimal import Decimal

import matplotlib.pyplot as plt
import polars as pl

from cuadre import CuadreError, Money, money

price = Money(20_000, "COP")
price, price.format("es-CO"), price.in_words("es-CO")

# %% [markdown]
# An amount is a whole number of minor units (centavos) with its currency. Nothing here is ever a floating point number, and a float
# that tries to come in is refused:

# %%
try:
    Money(20_000 * 1.19, "COP")
except CuadreError as error:
    print(error.code, "|", error)

# %% [markdown]
# ## The price holds a tax
#
# The 20,000 pesos hold IVA, 19 % on top of the net price. The rate comes from a dated table with a source in every row; `cuadre rules`
# lists it in the shell. The parts add up to the price, always: the net is rounded, the tax is the rest.

# %%
iva = money.tax("IVA", country="CO", on=datetime.date(2026, 3, 2))
parts = iva.inside(price)
print(iva)
print(parts.net, "+", parts.tax, "=", parts.net + parts.tax)

# %% [markdown]
# The statement shows that PayU rounds the tax to whole pesos before it takes its withholdings: 3,193 and not 3,193.28. (That is our
# reading of the sample: only so do its cents come out.)

# %%
sale_tax = parts.tax.round("half_even", step=1)
sale_tax

# %% [markdown]
# ## The contract
#
# A contract says what the gateway keeps. It is data, usually a TOML file beside your code (`money.FeeSchedule.load("contract.toml")`); unknown
# keys, gaps between tiers and numbers with a binary point are refused when it is loaded, not when it is used. Every place where something
# is rounded has a name for how: `half_even` sends ties to the even neighbour, `half_away_from_zero` is what one learns at school.

# %%
withheld = {"methods": ["card"], "rounding": "half_away_from_zero"}
contract = money.FeeSchedule.from_dict(
    {
        "name": "PayU Colombia, as in the sample",
        "currency": "COP",
        "rate": "3.49%",
        "minimum": "2900",
        "tax": {"name": "IVA", "rate": "19%"},
        "rounding": {"fee": "half_even", "tax": "half_even"},
        "withholdings": [
            {"name": "ICA", "rate": "0.414%", "on": "sale_net", **withheld},
            {"name": "renta", "rate": "1.5%", "on": "sale_net", **withheld},
            {"name": "reteIVA", "rate": "15%", "on": "sale_tax", **withheld},
        ],
    }
)
card = contract.apply(price, method="card", sale_tax=sale_tax)
print(card)

# %% [markdown]
# Read it line by line. 3.49 % of 20,000 would be 698, less than the minimum, so the fee is 2,900. IVA on it is 551 to the cent. ICA and renta
# are taken on the net price in whole pesos; renta is 252.105 exactly and goes to 252.11, half a centavo away from zero. What each
# line rounded away stands beside it, so nothing disappears between the lines.
#
# The same sale paid in cash at a till has no withholdings. A statement that shows one on a cash sale is wrong, and the difference is yours to claim:

# %%
cash = contract.apply(price, method="cash", sale_tax=sale_tax)
print(cash)
print("withheld on a card sale, and not on cash:", cash.net - card.net)

# %%
steps = [
    ("price", card.charged, "tab:gray"),
    *((line.what, -line.amount, "tab:red") for line in card.lines),
    ("net", card.net, "tab:green"),
]
figure, axes = plt.subplots(figsize=(8, 3.2))
left = card.charged
for place, (label, amount, colour) in enumerate(steps):
    start = Money(0, "COP") if label in ("price", "net") else left
    axes.barh(place, amount.amount, left=start.amount, color=colour)
    axes.text(int(max(start, start + amount).amount) + 150, place, amount.format("es-CO"), va="center", fontsize=8)
    if label not in ("price", "net"):
        left = left + amount
axes.set_yticks(range(len(steps)), [label for label, _, _ in steps])
axes.invert_yaxis()
axes.set_xlim(0, 24_000)
axes.set_title("Where 20,000 pesos paid by card go")
axes.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## When part of it goes back
#
# The buyer returns goods for 9,999 pesos, later for the rest. Net and tax given back never exceed what was paid, and in the end they are
# exactly what was paid. The same holds for the fee's lines, and for money that was changed at a locked rate.

# %%
first, rest = Money(9_999, "COP"), Money(10_001, "COP")
back = [iva.refund(price, before=Money(0, "COP"), now=first), iva.refund(price, before=first, now=rest)]
for part in back:
    print(part.net, "+", part.tax)
assert back[0].net + back[1].net == parts.net and back[0].tax + back[1].tax == parts.tax
print(cash.refund(first))

# %%
trm = money.Rate(
    "USD", "COP", "4145.73", kind="TRM", source="Superfinanciera", as_of=datetime.datetime(2026, 3, 2, 5, tzinfo=datetime.UTC)
)
order = trm.lock(Money("19.99", "USD"), "half_even", at=datetime.datetime(2026, 3, 2, 15, tzinfo=datetime.UTC))
print(order.paid, "was", order.received, "at", trm.value)
print("all of it back:", order.refund(order.received))

# %% [markdown]
# ## Exact until one rounding
#
# A chain of operations that rounds after every step drifts. `exact()` keeps fractions until a rounding is named, and says what was rounded
# away.

# %%
drift = Money("340.00", "COP").divide(Decimal("1.19"), "half_even").multiply(Decimal("1.19"), "half_even")
exact = (Money("340.00", "COP").exact() / Decimal("1.19") * Decimal("1.19")).round("half_even")
print(drift, "|", exact.money, "with", exact.rest.amount, "rounded away")
print((Money(100, "PEN").exact() / 3).round("half_even"))

# %% [markdown]
# ## Cash has no centavos
#
# Peru has no coin below ten céntimos: what a till collects is rounded down in the payer's favour, change is rounded up. Shares add up whatever
# the weights are, on whole coins too. A rule that rests on an unsure source says so when it is used.

# %%
print(Money("9.96", "PEN").to_cash("collect"), Money("0.05", "PEN").to_cash("change"))
print(Money("100.00", "PEN").allocate([1, 1, 1]), Money("100.00", "PEN").split(3, step="0.10"))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    igv = money.tax("IGV", country="PE", on=datetime.date(2026, 3, 2)).inside(Money(118, "PEN"))
print(igv.net, igv.tax, {name: str(part) for name, part in igv.shares.items()}, "|", caught[0].message)

# %% [markdown]
# ## A month of sales
#
# Ten thousand rows are one call: the contract goes over a column with the same answers as row by row. Columns come from Polars, pandas,
# pyarrow, DuckDB or NumPy and go back to them; overflow and currency are checked in every operation.

# %%
frame = pl.DataFrame(
    {
        "amount": [Decimal(12_000 + 137 * (i % 900)) for i in range(10_000)],
        "city": [("Bogotá", "Cali", "Lima")[i % 3] for i in range(10_000)],
    }
)
sales = money.MoneyColumn(frame["amount"], "COP")
{city: sums.money("COP").format("es-CO") for city, sums in sales.sum_by(frame["city"]).items()}
