"""Fees and taxes: the arithmetic against fractions, columns against rows, refunds that add up, and hostile contracts."""

import csv
import datetime
import decimal
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import places
from cuadre import Money, errors, money

CARD = {
    "name": "PayU Colombia, sample",
    "currency": "COP",
    "rate": "3.49%",
    "minimum": "2900",
    "tax": {"name": "IVA", "rate": "19%"},
    "withholdings": [
        {"name": "ICA withholding", "rate": "0.414%", "on": "sale_net", "methods": ["card"]},
        {"name": "Withholding VAT", "rate": "15%", "on": "sale_tax", "methods": ["card"]},
        {
            "name": "Sales withholding", "rate": "1.5%", "on": "sale_net", "methods": ["card"],
            "rounding": "half_away_from_zero",
        },
    ],
}  # fmt: skip

minors = st.integers(0, 10**13)
rates = st.fractions(0, 2, max_denominator=2000)


def cop(minor):
    return Money.from_minor(minor, "COP")


@given(minors, rates, st.sampled_from(["half_even", "toward_zero", "toward_pos_inf"]))
def test_tax_inside_adds_up_and_is_near(gross, rate, mode):
    parts = money.TaxRule(name="T", currency="COP", rate=rate, rounding=mode).inside(cop(gross))
    assert parts.net + parts.tax == parts.gross == cop(gross)
    assert abs(parts.net.amount_minor - Fraction(gross) / (1 + rate)) < 1


@given(minors, rates)
def test_tax_on_is_half_even_and_says_what_went(base, rate):
    rule = money.TaxRule(name="T", currency="COP", rate=rate)
    parts = rule.on(cop(base))
    assert parts.tax.amount_minor == round(base * rate)
    assert parts.rounded_away == base * rate - parts.tax.amount_minor
    assert rule.on(-cop(base)).tax == -parts.tax


@given(
    st.one_of(st.integers(1, 300), st.integers(1, 10**9)),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=3),
    st.lists(st.fractions(0, 1, max_denominator=1000), max_size=12),
)
def test_refunds_give_back_the_parts_and_nothing_more(gross, weights, cuts):
    shares = [{"name": f"s{n}", "rate": Fraction(weight, 10**7)} for n, weight in enumerate(weights)]
    rule = money.TaxRule(name="T", currency="COP", rate=Fraction(sum(weights), 10**7), shares=shares)
    whole = rule.inside(cop(gross))
    assert sum(whole.shares.values()) == whole.tax
    done, net, tax, back = 0, 0, 0, dict.fromkeys(whole.shares, 0)
    for cut in [*sorted(int(gross * cut) for cut in cuts), gross]:
        now = cut - done
        parts = rule.refund(cop(gross), before=cop(done), now=cop(now))
        assert parts.gross == cop(now)
        assert min(parts.net.amount_minor, parts.tax.amount_minor, *(s.amount_minor for s in parts.shares.values())) >= 0
        done += now
        net, tax = net + parts.net.amount_minor, tax + parts.tax.amount_minor
        back = {name: back[name] + share.amount_minor for name, share in parts.shares.items()}
        assert sum(back.values()) == tax
    assert (net, tax) == (whole.net.amount_minor, whole.tax.amount_minor)
    assert back == {name: share.amount_minor for name, share in whole.shares.items()}


@settings(max_examples=60)
@given(st.lists(minors, min_size=1, max_size=30), rates, rates, st.booleans(), st.sampled_from(["merchant", "buyer"]))
def test_columns_are_rows(amounts, rate, tax, included, payer):
    schedule = money.FeeSchedule.from_dict(
        {
            **CARD, "payer": payer, "rate": rate, "tax": {"name": "T", "rate": tax, "included": included},
            "withholdings": CARD["withholdings"][:1],
        }
    )  # fmt: skip
    column, taxes = (money.MoneyColumn.from_minor(rows, "COP") for rows in (amounts, [a // 7 for a in amounts]))
    columns = column.fee(schedule, method="card", sale_tax=taxes)
    for n, minor in enumerate(amounts):
        fee = schedule.apply(cop(minor), method="card", sale_tax=cop(minor // 7))
        assert (columns.fee[n], columns.tax[n], columns.withheld[n]) == (fee.fee, fee.tax, fee.withheld)
        assert (columns.net[n], columns.total[n], columns.charged[n]) == (fee.net, fee.total, fee.charged)


def test_each_cent_is_explained():
    fee = money.FeeSchedule.from_dict(CARD).apply(Money(20000, "COP"), method="card", sale_tax=Money(3193, "COP"))
    assert [str(line.amount.amount) for line in fee.lines] == ["2900.00", "551.00", "69.58", "478.95", "252.11"]
    assert "at least 2900.00" in str(fee) and "252.105" in str(fee)
    assert "<td>0.000098" not in fee._repr_html_() and "69.58098" in fee._repr_html_()
    assert sum(fee.refund(Money(20000, "COP")).values()) == fee.total + fee.withheld
    cash = money.FeeSchedule.from_dict(CARD).apply(Money(20000, "COP"), method="cash")
    assert cash.withheld == cop(0)
    assert cash.net == Money("16549", "COP")


def groups():
    found = []
    for path in places.data("settlement", "payu").glob("*statement_report*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            for row in list(csv.reader(file, delimiter=";", quoting=csv.QUOTE_NONE))[1:]:
                if row[0]:
                    found.append((row[0], row[8], {}))
                cells = row + [""] * 4
                for name, value in (cells[13:15], cells[15:17]):
                    if name and name != "TOTAL":
                        found[-1][2][name] = Money(value, "COP")
    return found


def test_the_official_statement_cent_by_cent():
    schedule = money.FeeSchedule.from_dict(CARD)
    names = {"fee": "PayU Fee", "IVA on the fee": "Fee VAT"}
    fees, checked, refunded = {}, 0, 0
    for kind, order, parts in reversed(groups()):  # newest first in the file
        if kind not in ("Sale", "Reversion", "Chargeback") or "Sale" not in parts:
            continue
        if kind == "Sale":
            # a sale with VAT in whole pesos was withheld from on what is left
            vat = Money(3193, "COP") if "Withholding VAT" in parts else Money(0, "COP")
            fees[order] = schedule.apply(parts["Sale"], method="card", sale_tax=vat)
            got = {names.get(line.what, line.what): line.amount for line in fees[order].lines}
            checked += 1
        else:
            got = {names.get(what, what): share for what, share in fees[order].refund(parts["Sale"]).items()}
            refunded += 1
        assert {name: amount for name, amount in got.items() if amount} == {k: v for k, v in parts.items() if k != "Sale"}
    assert (checked, refunded) == (4, 4)


def bad(**changes):
    return {**CARD, **changes}


HOSTILE = [
    (bad(rate=0.0349), "float_refused", "rate"),
    (bad(rate=True), "rule_invalid", "rate"),
    (bad(rate="-1%"), "rule_invalid", "rate"),
    (bad(rate="NaN"), "rule_invalid", "rate"),
    (bad(rate="1/0"), "rule_invalid", "rate"),
    (bad(rate="٣%"), "rule_invalid", "rate"),
    (bad(rate="9" * 60), "rule_invalid", "rate"),
    (bad(rate=decimal.Decimal("NaN")), "rule_invalid", "rate"),
    (bad(fixed="-1"), "rule_invalid", "fixed"),
    (bad(fixed="1.001"), "rule_invalid", "fixed"),
    (bad(minimum=2900.0), "float_refused", "minimum"),
    (bad(minimum="9" * 40), "rule_invalid", "minimum"),
    (bad(minimum="3000", maximum="2999"), "rule_invalid", "minimum"),
    (bad(currency="BTC"), "rule_invalid", "currency"),
    (bad(currency="XAU"), "rule_invalid", "currency"),
    (bad(payer="bank"), "rule_invalid", "payer"),
    (bad(pay="buyer"), "rule_invalid", 'pay: unknown key: did you mean "payer"?'),
    (bad(name=""), "rule_invalid", "name"),
    (bad(rounding={"fee": "half_up"}), "rule_invalid", "rounding.fee"),
    (bad(rounding={"one": "toward_zero", "fee": "half_even"}), "rule_invalid", "rounding.one"),
    (bad(rounding={"step": "0"}), "rule_invalid", "rounding.step"),
    (bad(tax={"name": "IVA"}), "rule_invalid", "tax.rate"),
    (bad(tax={"name": "IVA", "rate": "-19%"}), "rule_invalid", "tax.rate"),
    (bad(tax="19%"), "rule_invalid", "tax"),
    (bad(withholdings=[{"name": "ICA", "rate": "1%", "on": "net"}]), "rule_invalid", "withholdings[1].on"),
    (bad(withholdings=[{"name": "ICA", "rate": "1%", "methods": "card"}]), "rule_invalid", "withholdings[1].methods"),
]  # fmt: skip

TIERS = [
    ([{"up_to": "100"}, {"up_to": "50"}, {}], "tiers[2].up_to"),
    ([{"up_to": "100"}, {"from": "100.02"}], "a gap: tiers[1] ends with 100.00, and tiers[2] begins at 100.02"),
    ([{"up_to": "100"}, {"from": "100"}], "an overlap: tiers[1] ends with 100.00, and tiers[2] begins at 100.00"),
    ([{"from": "10"}], "a gap: amounts begin at 0"),
    ([{}, {}], "tiers[1].up_to"),
    ([{"up_to": "100"}], "tiers[1].up_to"),
    ([], "tiers"),
]


@pytest.mark.parametrize("spec, code, words", HOSTILE, ids=lambda value: value if isinstance(value, str) else "")
def test_hostile_contracts(spec, code, words):
    with pytest.raises(errors.CuadreError) as caught:
        money.FeeSchedule.from_dict(spec)
    assert caught.value.code == code
    assert caught.value.message.startswith(words)


@pytest.mark.parametrize("tiers, words", TIERS, ids=[words for _, words in TIERS])
def test_tiers_cover_every_amount_once(tiers, words):
    spec = {"name": "tiered", "currency": "COP", "tiers": [{"rate": "1%", **tier} for tier in tiers]}
    with pytest.raises(errors.RuleInvalidError) as caught:
        money.FeeSchedule.from_dict(spec)
    assert words in caught.value.message


def test_a_contract_from_a_file(tmp_path):
    path = tmp_path / "contract.toml"
    path.write_text('name = "c"\ncurrency = "PEN"\nrate = "2.99%"\nfixed = 1\nvalid_from = 2026-01-01\n')
    schedule = money.FeeSchedule.load(path)
    assert schedule.apply(Money(100, "PEN")).fee == Money("3.99", "PEN")
    with pytest.raises(errors.RuleUnknownError):
        schedule.apply(Money(100, "PEN"), on=schedule.valid_from.replace(year=2025))
    path.write_text('name = "c"\ncurrency = "PEN"\nrate = 2.99\n')
    with pytest.raises(errors.FloatRefusedError, match="rate") as caught:
        money.FeeSchedule.load(path)
    assert caught.value.file == str(path)
    with pytest.raises(errors.FileMissingError):
        money.FeeSchedule.load(tmp_path / "absent.toml")


def test_calls_that_make_no_sense():
    schedule = money.FeeSchedule.from_dict(CARD)
    for call, kind in [
        (lambda: schedule.apply(1.5), errors.FloatRefusedError),
        (lambda: schedule.apply(Money(1, "PEN"), method="cash"), errors.CurrencyMismatchError),
        (lambda: schedule.apply(Money(-1, "COP"), method="cash"), errors.ArgumentInvalidError),
        (lambda: schedule.apply(Money(1, "COP")), errors.ArgumentInvalidError),  # card or not: withholdings hang on it
        (lambda: schedule.apply(Money(1, "COP"), method="Card"), errors.ArgumentInvalidError),
        (lambda: schedule.apply(Money(1, "COP"), method=3), errors.ArgumentInvalidError),
        (lambda: schedule.apply(Money(1, "COP"), method="card"), errors.ArgumentInvalidError),
    ]:
        with pytest.raises(kind):
            call()


def test_methods_that_a_contract_declares_are_the_only_ones():
    schedule = money.FeeSchedule.from_dict(CARD | {"methods": ["card", "cash"]})
    assert schedule.apply(Money(20_000, "COP"), method="cash").withheld == Money(0, "COP")
    with pytest.raises(errors.ArgumentInvalidError, match="card, cash"):
        schedule.apply(Money(20_000, "COP"), method="transfer")
    with pytest.raises(errors.RuleInvalidError, match="none of the methods"):
        money.FeeSchedule.from_dict(CARD | {"methods": ["cash"]})


def test_two_lines_never_share_a_name():
    plain = {"name": "f", "currency": "COP", "rate": "0"}
    for names in (["A", "A"], ["fee"]):
        with pytest.raises(errors.RuleInvalidError, match="each has a name of its own"):
            money.FeeSchedule.from_dict(plain | {"withholdings": [{"name": name, "rate": "1%"} for name in names]})


def test_a_step_never_carries_a_fee_past_its_limits():
    for limit in ("minimum", "maximum"):
        with pytest.raises(errors.RuleInvalidError, match=f"{limit}: 50.00 is no multiple of the step"):
            money.FeeSchedule.from_dict(
                {"name": "f", "currency": "COP", "rate": "1%", limit: "50", "rounding": {"step": "100"}}
            )


def test_an_expired_contract_is_refused_for_columns_too():
    schedule = money.FeeSchedule.from_dict(
        {"name": "f", "currency": "COP", "rate": "1%", "valid_to": datetime.date(2020, 12, 31)}
    )
    column = money.MoneyColumn(["100"], "COP")
    assert column.fee(schedule, on=datetime.date(2020, 1, 1)).fee.to_list() == [Money(1, "COP")]
    with pytest.raises(errors.RuleUnknownError):
        column.fee(schedule, on=datetime.date(2026, 1, 1))


def test_a_contract_is_a_value():
    spec = {"name": "f", "currency": "COP", "tiers": [{"rate": "1%"}]}
    schedule = money.FeeSchedule.from_dict(spec)
    spec["tiers"][0]["rate"] = "99%"
    assert schedule.to_dict()["tiers"] == [{"rate": "1%"}]
    again = pickle.loads(pickle.dumps(schedule))
    assert again.apply(Money(100, "COP")).fee == Money(1, "COP")


@pytest.mark.parametrize("rate", [Decimal("1e999999999"), Decimal("1e-999999999"), Decimal("9" * 2000)])
def test_rates_of_a_billion_digits_are_refused_at_once(rate):
    with pytest.raises(errors.RuleInvalidError):
        money.FeeSchedule.from_dict({"name": "f", "currency": "COP", "rate": rate})
    with pytest.raises(errors.AmountOverflowError):
        money.uvt().of(rate)


@pytest.mark.parametrize("wrong", [5, 5.0, None, Money(1, "COP").exact()])
def test_refunds_are_of_money(wrong):
    fee = money.FeeSchedule.from_dict({"name": "f", "currency": "COP", "rate": "1%"}).apply(Money(100, "COP"))
    with pytest.raises(errors.FloatRefusedError):
        fee.refund(wrong)
