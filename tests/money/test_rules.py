"""The tables of taxes and cash, and the conformance cases of Colombian and Peruvian practice."""

import datetime
import json
import warnings
from fractions import Fraction

import pytest

import places
from cuadre import Money, cli, errors, money, rules

COUNT = 64
# what other parts of money decide, in their own tests: allocation and rates
ELSEWHERE = {
    "allocation weights larger than int64 products": "allocate",
    "allocation fairness": "allocate",
    "inverse-rate drift (PEN)": "Rate",
    "fx locked rate": "Rate",
}


def day(*parts):
    return datetime.date(*parts)


def rule(rate, currency, mode="half_even", **more):
    return money.TaxRule(name="T", rate=rate, currency=currency, rounding=mode, **more)


def rounded(text, mode, currency="COP"):
    """The number itself as money: so much of one peso."""
    sign = -1 if text.startswith("-") else 1
    return str((sign * rule(text.lstrip("-"), currency, mode).on(Money(1, currency)).tax).amount)


def uvt(case):
    given = case["input"]
    unit = next(unit for unit in money.TaxTable.uvt_rows.fget(rules.taxes.shipped()) if unit.value.amount == given["uvt_value"])
    return int(unit.of(given["uvt"], exact="unrounded" in case["rule"]).amount)


def cash(case):
    given, country = case["input"], case["topic"][:2]
    currency = {"PE": "PEN", "CO": "COP"}[country]
    if isinstance(given, str):
        return str(Money(given, currency).to_cash("collect").amount)
    change = Money(given["paid"], currency) - Money(given["total"], currency)
    return str(change.to_cash("change").amount).removesuffix(".00" if country == "CO" else "")


def fee(case):
    currency = {"CL": "CLP", "PA": "USD"}[case["topic"].split("(")[1][:2]]
    given = case["input"]
    contract = money.FeeSchedule.from_dict(
        {
            "name": "printed", "currency": currency, "rate": given["pct"] + "%", "fixed": given.get("fixed", "0"),
            "tax": {"name": "T", "rate": given["tax"] + "%"},
            "rounding": {"one": "toward_zero"} if currency == "USD" else {},
        }
    )  # fmt: skip
    found = contract.apply(Money(given["amount"], currency))
    return {name: str(getattr(found, name).amount) for name in case["expected"]}


def iva(case):
    given, expected = case["input"], case["expected"]
    if "additive" in case["topic"]:
        parts = money.tax("IVA", country="CO", on=day(2026, 1, 1)).on(Money(given["net"], "COP"))
        return {"tax": str(int(parts.tax.amount)), "gross": str(int(parts.gross.amount))}
    currency = "CLP" if "CLP" in case["topic"] else "COP"
    parts = rule(given["tax"] + "%", currency).inside(Money(given["gross"], currency))
    if "gross_again" in expected:  # the drift of going back is theirs; ours keeps the parts
        assert parts.gross == Money(given["gross"], currency)
        return {**expected, "net": str(parts.net.amount)}
    return {"net": str(parts.net.amount), "tax": str(parts.tax.amount)}


def igv(case):
    with pytest.warns(money.UnverifiedRuleWarning):
        found = money.tax("IGV", country="PE", on=day(case["input"]["year"], 6, 30))
    assert found.unverified
    share = {name.lower(): rate for name, rate in found.shares.items()} | {"sum": found.rate}
    return {name: f"{int(rate * 1000) / 10:.1f}" for name, rate in share.items()}


def inclusive(case):
    given, expected = case["input"], case["expected"]
    gross = Money(given["unit_gross"], "USD") * given["lines"] if "lines" in given else Money(given["gross"], "USD")
    parts = rule(given["tax"] + "%", "USD").inside(gross)
    assert parts.gross == gross
    net = str(parts.net.amount)
    if "net_of_total" in expected:
        return {**expected, "net_of_total": net}
    if "exact_net_rounded" in expected:
        return {**expected, "exact_net_rounded": net, "gross": str(gross.amount)}
    return {"net": net, "tax": str(parts.tax.amount)}


def product(case):
    given, expected = case["input"], case["expected"]
    if case["topic"] == "float multiply":
        one = Money.from_minor(given["amount_minor"], "COP")
        factor = Fraction(given["factor"])
        return {
            "exact": f"{one.amount_minor * factor * 10 // 10}.5",
            "half_even": rule(factor, "COP").on(one).tax.amount_minor,
            "half_away": rule(factor, "COP", "half_away_from_zero").on(one).tax.amount_minor,
        }
    if case["topic"] == "int64/float64 wrap":
        return str(rule(given["price"], "USD").on(Money(given["quantity"], "USD")).tax.amount)
    if case["topic"] == "decimal128 sum wrap":
        with pytest.raises(errors.AmountOverflowError):
            Money(given["values"][0], "USD")
        return expected
    return str(int((Money(given["value"], "USD") * given["factor"]).amount))


def itf(case):
    return str(money.tax("ITF", country="PE", on=day(2026, 1, 1)).on(Money(case["input"], "PEN")).tax.amount)


DECIDED = [
    (("CO UVT", "CO GMF"), uvt),
    (("PE cash", "CO cash"), cash),
    (("PE ITF",), itf),
    (("fee ",), fee),
    (("IVA 19%", "gross-net-gross"), iva),
    (("CO e-invoice",), lambda case: rounded(case["input"], "half_even")),
    (("CO CUFE",), lambda case: rounded(case["input"], "toward_zero")),
    (("PE IGV",), igv),
    (("tax-inclusive",), inclusive),
    (("float multiply", "int64", "decimal128"), product),
]  # fmt: skip


def test_every_conformance_case_is_decided():
    cases = json.loads(places.data("money", "tax", "co-pe-rounding-vectors.json").read_text())["cases"]
    assert len(cases) == COUNT
    decided = 0
    for case in cases:
        if case["topic"] in ELSEWHERE:
            continue
        (decide,) = [function for starts, function in DECIDED if case["topic"].startswith(starts)]
        assert decide(case) == case["expected"], case
        decided += 1
    assert decided == COUNT - len(ELSEWHERE)


# ---- tables


def test_every_row_has_a_source_and_a_status():
    for row in rules.listing():
        if row["kind"] in ("tax", "uvt", "cash"):
            assert row["source"].startswith("https://") and row["status"] in ("official", "published", "unverified")
        assert row["source"] and row["status"]
    assert {row["kind"] for row in rules.listing()} == {"tax", "uvt", "cash", "wire", "document", "profile"}


def test_lookups_by_day_and_place():
    assert money.tax("iva", country="CO", on=day(2026, 3, 2)).rate == Fraction(19, 100)
    with pytest.raises(errors.RuleUnknownError, match=r"known: IVA CO 2017-01-01\.\."):
        money.tax("IVA", country="CO", on=day(2010, 1, 1))
    with pytest.raises(errors.RuleUnknownError, match='did you mean "reteIVA"'):
        money.tax("reteIV", country="CO")
    with pytest.raises(errors.RuleUnknownError, match=r"known: .*bogota"):
        money.tax("ICA", country="CO", place="cali")
    with pytest.raises(errors.ArgumentInvalidError):
        money.tax("IVA", country="CO", on="2026-01-01")
    with pytest.warns(money.UnverifiedRuleWarning, match="ICA"):
        assert money.tax("ICA", country="CO", place="bogota").unverified
    services = money.tax("renta", country="CO", kind="services", on=day(2025, 7, 1))
    assert services.minimum_base == Money(100000, "COP")
    assert services.on(Money(99999, "COP")).tax == Money(0, "COP")
    assert services.on(Money(100000, "COP")).tax == Money(4000, "COP")
    assert money.tax("renta", country="CO", kind="purchases", on=day(2026, 7, 1)).minimum_base == Money(524000, "COP")


def test_gmf_uses_the_exemption_up():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", money.UnverifiedRuleWarning)
        first = money.gmf(Money(17_000_000, "COP"), exempt_used=Money(0, "COP"), on=day(2025, 3, 1))
        second = money.gmf(Money(1_000_000, "COP"), exempt_used=first.exempt_used, on=day(2025, 3, 9))
        plain = money.gmf(Money(1000, "COP"), on=day(2025, 3, 9))
    assert first.tax == Money(0, "COP")
    assert second.exempt == Money(429_650, "COP")
    assert second.tax == Money("2281.40", "COP")
    assert plain.tax == Money(4, "COP")


def test_a_table_of_ones_own_goes_first(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[[tax]]\nname = "IVA"\ncountry = "CO"\ncurrency = "COP"\nrate = "20%"\nvalid_from = 2027-01-01\n')
    table = money.TaxTable.load(path)
    assert table.tax("IVA", country="CO").rate == Fraction(1, 5)
    assert table.tax("IVA", country="CO", on=day(2026, 1, 1)).rate == Fraction(19, 100)
    with pytest.raises(errors.RuleUnknownError):
        money.TaxTable.load(path, extend=False).tax("ITF", country="PE")
    path.write_text(path.read_text() * 2)
    with pytest.raises(errors.RuleInvalidError, match="same day"):
        money.TaxTable.load(path)
    path.write_text('[[tax]]\nname = "IVA"\ncurrency = "COP"\nrate = 0.2\n')
    with pytest.raises(errors.FloatRefusedError, match=r"tax\[1\].rate"):
        money.TaxTable.load(path)


def test_cash_has_a_direction():
    assert Money("9.96", "PEN").to_cash("pay_out") == Money("10.00", "PEN")
    assert Money("1234", "COP").to_cash("collect") == Money("1200", "COP")
    with pytest.warns(money.UnverifiedRuleWarning):
        assert Money("9.96", "PEN").to_cash("collect", on=day(2018, 6, 1)) == Money("9.95", "PEN")
    mine = money.CashRule(currency=money.Currency("COP"), step=Money(100, "COP"))
    assert Money(150, "COP").to_cash("change", rule=mine) == Money(200, "COP")
    assert "down by PEN 0.06" in money.cash("PEN").explain(Money("9.96", "PEN"), "collect").replace("Money", "")
    for call, kind in [
        (lambda: Money(5, "PEN").to_cash("up"), errors.ArgumentInvalidError),
        (lambda: Money(-5, "PEN").to_cash("collect"), errors.ArgumentInvalidError),
        (lambda: Money(5, "USD").to_cash("collect"), errors.RuleUnknownError),
        (lambda: Money(5, "PEN").to_cash("collect", country="CO"), errors.RuleUnknownError),
        (lambda: Money(5, "PEN").to_cash("collect", rule=mine), errors.CurrencyMismatchError),
        (lambda: money.CashRule(currency=money.Currency("COP"), step=Money(0, "COP")), errors.RuleInvalidError),
    ]:
        with pytest.raises(kind):
            call()


def test_the_command_line_shows_the_same_data(capsys):
    assert cli.main(["rules", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == rules.listing()
    assert cli.main(["rules", "show", "iva"]) == 0
    shown = capsys.readouterr().out
    assert "19%" in shown and "source: https://" in shown
    assert cli.main(["rules", "show", "VAT"]) == 2
    assert "rule_unknown" in capsys.readouterr().err


def test_a_row_of_ones_own_goes_before_the_shipped_one_without_a_day_too(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[tax]]\nname = "IVA"\ncountry = "CO"\ncurrency = "COP"\nrate = "5%"\n[[uvt]]\nvalue = "60000"\n', encoding="utf-8"
    )
    table = money.TaxTable.load(path)
    for on in (None, datetime.date(2026, 3, 2)):
        assert table.tax("IVA", country="CO", on=on).rate == Fraction(5, 100)
        assert table.uvt(on=on).value == Money(60_000, "COP")


@pytest.mark.parametrize("path", ["a\0b", "\ud800"])
def test_names_that_no_file_can_have(path):
    for load in (money.TaxTable.load, money.FeeSchedule.load):
        with pytest.raises(errors.CuadreError):
            load(path)
        with pytest.raises(errors.CuadreError):
            load(3)
