"""Profiles of gateways: what the table says against what the notes were read to say, the language, limits and days."""

import datetime
import itertools
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money, cli, errors, rules
from cuadre.rules import profiles

HOUR, DAY = 3600, 86_400
STATUSES = {"official", "published", "unverified", "seeds", "ours"}
PAIRS = sorted({(row.gateway, row.country) for row in profiles.shipped().rows if row.gateway})
WEAK = {
    ("dlocal", "CO"), ("dlocal", "PE"), ("efecty", "CO"), ("kushki", "CO"), ("kushki", "PE"), ("pagoefectivo", "PE"),
    ("primeiropay", "PE"), ("rapyd", "CO"), ("reach", "PE"),
}  # fmt: skip


def quiet(gateway, table=rules, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rules.UnverifiedRuleWarning)
        return table.profile(gateway, **more)


def load(tmp_path, text, **more):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return rules.ProfileTable.load(path, **more)


# ---- what is shipped

EXPIRY = {  # default, least, most
    ("efecty", "CO"): (48 * HOUR, 24 * HOUR, 72 * HOUR),
    ("pagoefectivo", "PE"): (48 * HOUR, 24 * HOUR, 72 * HOUR),
    ("payu", "CO"): (7 * DAY, None, 7 * DAY),
    ("payu", "PE"): (7 * DAY, None, 7 * DAY),
    ("mercadopago", "CO"): (None, 1 * DAY, 30 * DAY),
    ("kushki", "CO"): (7 * DAY, 1 * DAY, None),
    ("payvalida", "CO"): (None, None, 30 * DAY),
    ("ebanx", "CO"): (None, None, 3 * DAY),
    ("primeiropay", "PE"): (3 * DAY, None, None),
    ("payermax", "CO"): (5 * DAY, None, None),
    ("rapyd", "CO"): (None, None, None),
}
REFUND = {  # offered, whole_only, after_settlement, window_s
    ("efecty", "CO"): (True, False, False, 15 * DAY),
    ("pagoefectivo", "PE"): (True, False, True, 90 * DAY),
    ("payu", "CO"): (False, False, False, -1),
    ("payu", "PE"): (False, False, False, -1),
    ("mercadopago", "CO"): (True, False, False, 180 * DAY),
    ("mercadopago", "PE"): (True, True, False, 90 * DAY),
    ("dlocal", "CO"): (True, False, False, -1),
    ("payvalida", "PE"): (True, True, False, -1),
    ("ebanx", "PE"): (True, False, False, -1),
    ("kushki", "CO"): (False, False, False, -1),
}


@pytest.mark.parametrize(("gateway", "country"), EXPIRY)
def test_expiry(gateway, country):
    found = quiet(gateway, country=country)
    assert (found.expiry_default_s, found.expiry_min_s, found.expiry_max_s) == EXPIRY[gateway, country]


@pytest.mark.parametrize(("gateway", "country"), REFUND)
def test_refunds(gateway, country):
    given_back = quiet(gateway, country=country).refund_rules
    found = (given_back.offered, given_back.whole_only, given_back.after_settlement, given_back.window_s)
    assert found == REFUND[gateway, country]


def test_only_pagoefectivo_reopens():
    assert [pair for pair in PAIRS if quiet(pair[0], country=pair[1]).reopens] == [("pagoefectivo", "PE")]


def test_amounts_and_payouts():
    payu = quiet("payu", country="CO")
    assert (payu.amount_min, payu.amount_max) == (Money("20000", "COP"), Money("6000000", "COP"))
    assert quiet("kushki", country="PE").amount_min is None
    assert quiet("efecty").payout_window_s == 72 * HOUR and not quiet("efecty").payout_returns
    assert quiet("payvalida", country="PE").payout_window_s == 30 * DAY and quiet("rapyd").payout_returns
    assert quiet("payermax", country="PE").document("12345678", "DNI").valid


def test_every_row_has_status_source_and_days():
    for row in profiles.shipped().rows:
        assert row.status in STATUSES and row.source and row.subject
        assert row.status != "seeds" or "seed" in row.note, row
        assert row.status in ("official", "published") or row.note, row
    limits = [row for row in profiles.shipped().rows if row.subject == "limit"]
    assert limits == [], "a daily limit needs a source"


@pytest.mark.parametrize(("gateway", "country"), PAIRS)
def test_what_is_weak_says_so_when_it_is_used(gateway, country):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = rules.profile(gateway, country=country)
    statuses = {status for status, _, _ in found.sources().values()}
    assert bool(caught) is bool(statuses & {"unverified", "seeds"}) is ((gateway, country) in WEAK)
    assert all(item.category is rules.UnverifiedRuleWarning and item.filename == __file__ for item in caught)
    assert len(caught) <= 1
    assert set(found.sources()) == {row.subject for row in found.rows()}


def test_a_profile_is_a_value():
    import pickle

    found = quiet("pagoefectivo", country="PE", on=datetime.date(2026, 11, 25))
    assert found == quiet("PagoEfectivo", on=datetime.date(2026, 11, 25)) and hash(found) == hash(
        pickle.loads(pickle.dumps(found))
    )
    with pytest.raises(AttributeError):
        found.gateway = "x"


def test_unknown_gateways_and_countries():
    for call, said in (
        (lambda: rules.profile("pagoefectvo"), 'did you mean "pagoefectivo"'),
        (lambda: rules.profile(""), "known are"),
        (lambda: rules.profile("payu"), "CO and PE: say country="),
        (lambda: rules.profile("efecty", country="PE"), "known in CO, not in PE"),
        (lambda: rules.local_day(0, "MX"), "known are CO and PE"),
    ):
        with pytest.raises(errors.RuleUnknownError, match=said):
            call()
    with pytest.raises(errors.ArgumentInvalidError):
        rules.profile(7)
    with pytest.raises(errors.ArgumentInvalidError, match="without a time"):
        quiet("payu", country="CO", on=datetime.datetime(2026, 1, 1))
    with pytest.raises(errors.CurrencyUnknownError):
        quiet("payu", country="CO", currency="XXQ")


def test_expires_after():
    kushki = quiet("kushki", country="PE")
    assert kushki.expires_after_s() == 7 * DAY and kushki.expires_after_s(DAY) == DAY
    for wrong in (DAY - 1, 7 * DAY + 1, 0, -1, 1.5, True):
        with pytest.raises(errors.ArgumentInvalidError):
            kushki.expires_after_s(wrong)
    with pytest.raises(errors.ArgumentInvalidError, match="say how long"):
        quiet("rapyd").expires_after_s()


# ---- a table of your own

MINE = """
[[expiry]]
gateway = "pagoefectivo"
country = "PE"
default = "4 h"
valid_from = 2026-01-01
valid_to = 2026-06-30

[[refund]]
gateway = "tienda"
country = "CO"
offered = true
window = "30 min"

[[approval]]
gateway = "tienda"
currency = "COP"
tiers = [{ above = "100.50", approvals = 0 }, { above = "1000", approvals = 3 }]

[[limit]]
currency = "COP"
merchant_day = "500"
person_day = "300"
"""


def test_rows_of_yours_replace_shipped_ones(tmp_path):
    table = load(tmp_path, MINE)
    assert quiet("pagoefectivo", table, on=datetime.date(2026, 3, 1)).expiry_default_s == 4 * HOUR
    assert quiet("pagoefectivo", table, on=datetime.date(2026, 3, 1)).expiry_max_s is None  # the whole row, not its keys
    assert quiet("pagoefectivo", table, on=datetime.date(2026, 7, 1)).expiry_default_s == 48 * HOUR
    assert quiet("pagoefectivo", table).expiry_default_s == 4 * HOUR  # yours goes before, dated or not
    assert quiet("pagoefectivo", table).refund_rules.window_s == 90 * DAY
    mine = table.profile("tienda")
    assert mine.refund_rules == rules.RefundRules(window_s=1800)
    assert [mine.approvals_needed(Money(text, "COP")) for text in ("1", "100.51", "1000", "1000.01")] == [0, 0, 0, 3]
    with pytest.raises(errors.RuleUnknownError):
        load(tmp_path, MINE, extend=False).profile("payu", country="CO")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[expiry]]\ncountry = "PE"', "expiry[1].gateway: is missing"),
        ('[[expiry]]\ngateway = "x"', "country"),
        ('[[expiry]]\ngateway = "X"\ncountry = "PE"', "lower case"),
        ('[[expiry]]\ngateway = "x"\ncountry = "MX"', "country"),
        ('[[expiry]]\ngateway = "x"\ncountry = "PE"\ndefault = "48"', "is no time"),
        ('[[expiry]]\ngateway = "x"\ncountry = "PE"\ndefault = "0 h"', "is no time"),
        ('[[expiry]]\ngateway = "x"\ncountry = "PE"\ndefault = 48', "must be text"),
        ('[[expiry]]\ngateway = "x"\ncountry = "PE"\ndefault = "4 d"\nmost = "3 d"', "most: is less than default"),
        ('[[expiry]]\ngateway = "x"\ncountry = "PE"\nlate = "lost"', "late"),
        ('[[expiry]]\ngateway = "x"\ncountry = "PE"\nwindow = "3 d"', "unknown key"),
        ('[[amount]]\ngateway = "x"\ncountry = "PE"\nminimum = "3"', "currency"),
        ('[[amount]]\ngateway = "x"\ncountry = "PE"\ncurrency = "PEN"\nminimum = "3"\nmaximum = "2"', "less than minimum"),
        ('[[amount]]\ngateway = "x"\ncountry = "PE"\ncurrency = "PEN"\nminimum = "-3"', "above zero"),
        ('[[refund]]\ngateway = "x"\ncountry = "PE"', "offered: is missing"),
        ('[[refund]]\ngateway = "x"\ncountry = "PE"\noffered = true\nwhole_only = true\nrepeated = true', "stands against"),
        ('[[refund]]\ngateway = "x"\ncountry = "PE"\noffered = "yes"', "true or false"),
        ('[[payout]]\ngateway = "x"\ncountry = "PE"\ndocuments = ["CC"]', "CC"),
        ('[[payout]]\ngateway = "x"\ncountry = "CO"\ndocuments = ["CC"]\ndocument_rule = "sunat"', "sunat"),
        ('[[approval]]\ncurrency = "PEN"', "tiers: is missing"),
        ('[[approval]]\ncurrency = "PEN"\ntiers = [{ above = "2", approvals = 1 }, { above = "1", approvals = 2 }]', "rising"),
        ('[[approval]]\ncurrency = "PEN"\ntiers = [{ above = "1", approvals = 2 }, { above = "2", approvals = 1 }]', "fewer"),
        ('[[approval]]\ncurrency = "PEN"\ntiers = [{ above = "1", approvals = true }]', "0 to 9"),
        ('[[limit]]\ncurrency = "PEN"', "person_day"),
        ('[[limit]]\ncurrency = "PEN"\nperson_day = "1"\n[[limit]]\ncurrency = "PEN"\nperson_day = "2"', "same day"),
        ('[[wire]]\ngateway = "x"', "unknown key"),
    ],
)  # fmt: skip
def test_faults_name_the_key(tmp_path, text, said):
    with pytest.raises(errors.RuleInvalidError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value) and "mine.toml" in str(caught.value)


def test_floats_and_missing_files_are_refused(tmp_path):
    with pytest.raises(errors.FloatRefusedError):
        load(tmp_path, '[[limit]]\ncurrency = "PEN"\nperson_day = 1.5')
    with pytest.raises(errors.FileMissingError):
        rules.ProfileTable.load(tmp_path / "nowhere.toml")


# ---- approvals, limits, days


@pytest.mark.parametrize(
    ("currency", "country", "edge"), [("COP", "CO", 2_000_000_00), ("PEN", "PE", 2_000_00), ("USD", "PE", 500_00)]
)
def test_default_tiers(currency, country, edge):
    found = quiet("payu", country=country, currency=currency)
    for minor, count in ((1, 1), (edge, 1), (edge + 1, 2), (10**14, 2)):
        assert found.approvals_needed(Money.from_minor(minor, currency)) == count
    for wrong in (Money(0, currency), Money(-1, currency)):
        with pytest.raises(errors.ArgumentInvalidError):
            found.approvals_needed(wrong)
    with pytest.raises(errors.CurrencyMismatchError):
        found.approvals_needed(Money(1, "EUR"))
    with pytest.raises(errors.FloatRefusedError):
        found.approvals_needed(1.0)


AMOUNTS = st.integers(0, 1000)


@given(amount=st.integers(1, 1000), merchant=AMOUNTS, person=AMOUNTS, limits=st.tuples(*[st.none() | st.integers(1, 1000)] * 2))
def test_limits_as_a_plain_twin(amount, merchant, person, limits):
    money = [None if limit is None else Money.from_minor(limit, "COP") for limit in limits]
    found = profiles.Profile(
        gateway="x",
        country="CO",
        currency=Money(0, "COP").currency,
        limit=profiles.Limit(merchant_day=money[0], person_day=money[1]),
    )
    verdict = found.check_limits(
        Money.from_minor(amount, "COP"),
        paid_today_merchant=Money.from_minor(merchant, "COP"),
        paid_today_person=Money.from_minor(person, "COP"),
    )
    left = [limit - paid for limit, paid in zip(limits, (merchant, person), strict=True) if limit is not None]
    assert verdict.allowed is all(amount <= rest for rest in left)
    assert verdict.left == (Money.from_minor(max(0, min(left)), "COP") if left else None)
    if not verdict.allowed:
        limit, paid = {"merchant_day": (limits[0], merchant), "person_day": (limits[1], person)}[verdict.limit]
        assert paid + amount > limit
    assert verdict.sentence_en != verdict.sentence_es


def test_limits_as_they_are_said(tmp_path):
    found = quiet("efecty", load(tmp_path, MINE))

    def check(amount, merchant, person):
        return found.check_limits(
            Money(amount, "COP"), paid_today_merchant=Money(merchant, "COP"), paid_today_person=Money(person, "COP")
        )

    assert check("300", 0, 0).allowed and not check("300.01", 0, 0).allowed
    assert check("300.01", 0, 0).limit == "person_day" and check("200", "300.01", 0).limit == "merchant_day"
    assert check("1", "500", "100").left == Money(0, "COP")
    assert check("200", "400", 0).sentence_en == "too much for today (merchant_day): COP 100.00 is left of today's limit"
    for wrong in (("0", 0, 0), ("1", -1, 0), ("1", 0, -1)):
        with pytest.raises(errors.ArgumentInvalidError):
            check(*wrong)
    assert quiet("efecty").check_limits(
        Money(10**9, "COP"), paid_today_merchant=Money(0, "COP"), paid_today_person=Money(0, "COP")
    ) == profiles.LimitVerdict(True)


@given(
    st.datetimes(datetime.datetime(1995, 1, 1), datetime.datetime(2100, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["CO", "pe"]),
)
def test_local_day(naive, offset_min, country):
    at = naive.replace(tzinfo=datetime.timezone(datetime.timedelta(minutes=offset_min)))
    expected = (naive - datetime.timedelta(minutes=offset_min) - datetime.timedelta(hours=5)).date()
    assert rules.local_day(at, country) == expected
    us = (at - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)
    assert rules.local_day(us, country) == expected


def test_local_day_at_its_edge():
    at = datetime.datetime(2026, 3, 1, 5, tzinfo=datetime.UTC)
    tick = datetime.timedelta(microseconds=1)
    assert [rules.local_day(at - tick, "CO"), rules.local_day(at, "CO")] == [
        datetime.date(2026, 2, 28),
        datetime.date(2026, 3, 1),
    ]
    for wrong in (datetime.datetime(2026, 3, 1), 1.5, None, True, 10**19, datetime.date(2026, 3, 1)):
        with pytest.raises(errors.ArgumentInvalidError):
            rules.local_day(wrong, "CO")


# ---- on the command line


def test_command_line(capsys):
    assert cli.main(["rules", "show", "pagoefectivo"]) == 0
    printed = capsys.readouterr().out
    for said in ("default 48 h", "most 72 h", "window 90 d", "after_settlement", "seeds"):
        assert said in printed
    names = {row["name"] for row in rules.listing() if row["kind"] == "profile"}
    assert {gateway for gateway, _ in itertools.chain(PAIRS)} | {"(every)"} == names
