"""ICU's own cases of number formats: what our reader, our writer and our roundings say to each group, by name.

Ours is strict where ICU reads on past what it does not understand. So a text is either read as the same amount, or refused:
never as another one. Both are counted, group by group.
"""

import re
from collections import Counter
from decimal import Decimal

import places
from cuadre import errors
from cuadre.money import ExactMoney, Money


def groups():
    """{name: rows}, each row with the settings of its group."""
    path = places.data("money", "icu", "numberformattestspecification-icu78.txt")
    found, name, head = {}, None, None
    for line in path.read_text(encoding="utf-8").splitlines():
        line = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), line)
        if line.startswith("//"):
            continue
        if not line.strip(" "):
            name = None
        elif name is None:
            name, settings, head = line.removeprefix("test "), {}, None
            found[name] = []
        elif line.startswith("set ") and head is None:
            key, _, value = line[4:].partition(" ")
            settings[key] = value
        elif line.strip() == "begin":
            head = ()
        elif head == ():
            head = line.split("\t")
        else:
            found[name].append({**settings, **dict(zip(head, line.split("\t"), strict=False))})
    return found


def said(kind, found, count):
    print(f"conformance: ICU, {kind}: {count} run in {len(found)} groups")


# ---- groups that are not about what we do

NO_PATTERN = "patterns are not read here: a form is named by its locale"
NO_AFFIX = "prefixes, suffixes and padding of one's own: none here"
NO_SCIENCE = "scientific notation and significant digits: no way to write money"
NO_PERCENT = "percent and per mille are ratios here, no amounts"
NO_LOCALE = "a locale or a script that is not here"
NO_INFINITY = "infinities and NaN are no money; see the hostile cases"
NO_SETTING = "a setting of integer digits, grouping or sign that is not here"

OUT_OF_SCOPE = {
    NO_PATTERN: [
        "patterns with no '0' symbols", "patterns with valid and invalid quote marks", "patterns with zero", "toPattern",
        "localized pattern basic symbol coverage", "trailing grouping separators in pattern", "empty negative subpattern",
        "apply formerly localized patterns", "parse decimalPatternMatchRequired", "currency usage to pattern",
    ],
    NO_AFFIX: [
        "padding", "padding and currencies", "padding setters", "pad position setters", "affix setters", "more affix setters",
        "parse suffix", "parse strange prefix", "parse strange suffix", "really strange suffix", "really strange prefix",
        "parse pattern with quotes", "parse case sensitive", "parse ignorables",
    ],
    NO_SCIENCE: [
        "significant digits", "scientific notation", "scientific infinite precision", "min max fraction digits scientific",
        "ticket 20058", "significant digits scientific", "min max fraction digits scientific 2",
        "significant digits manually set", "use scientific setter", "exponent parameter setters",
        "exponent decimalSeparatorAlwaysShown default", "rounding increment significant digits",
        "parse with scientific-separator-affix overlap",
    ],
    NO_PERCENT: ["percents", "permille", "percentage parsing multiplier", "percentage multiplier parsing"],
    NO_LOCALE: [
        "plus sign", "basic patterns", "format foreign currency", "parse foreign currency symbol", "parse foreign currency ISO",
        "parse foreign currency full", "parse with locale symbols", "select", "parse scientific with bidi marks",
    ],
    NO_INFINITY: [
        "nan and infinity", "nan and infinity with multiplication", "nan and infinity with padding",
    ],
    NO_SETTING: [
        "minimum and maximum fraction digits", "min max integer digits", "ticket 11524", "grouping setters",
        "grouping setters with min grouping digits", "multiplier setters", "sign always shown", "parse integer only",
    ],
}  # fmt: skip

# ---- rounding

MODES = {
    "ceiling": "toward_pos_inf",
    "floor": "toward_neg_inf",
    "up": "away_from_zero",
    "down": "toward_zero",
    "halfCeiling": "half_toward_pos_inf",
    "halfFloor": "half_toward_neg_inf",
    "halfUp": "half_away_from_zero",
    "halfDown": "half_toward_zero",
    "halfEven": "half_even",
    "halfOdd": "half_odd",
}


def rounded_whole(row):
    return ExactMoney(row["format"], "JPY").round(MODES[row["roundingMode"]]).money.amount, row["output"]


def rounded_to_pattern(row):
    """A pattern such as 0.5 or 2.70 rounds to multiples of itself, half to even unless said otherwise."""
    step = Decimal(
        row["pattern"].replace("#", "").replace(",", "") if "roundingIncrement" not in row else row["roundingIncrement"]
    )
    mode = MODES[row.get("roundingMode", "halfEven")]
    ours = ExactMoney(row["format"], "CLF").round(mode, step=step).money
    assert Money(row["format"], "CLF").round(mode, step) == ours
    return ours.amount, re.sub(r"[\u202f\xa0]", "", row["output"].replace(",", "."))


STEPS = {("CHF", "cash"): "0.05", ("CZK", "cash"): "1", ("CHF", "standard"): None, ("CZK", "standard"): None}


def rounded_for_cash(row):
    step = STEPS[row["currency"], row["currencyUsage"]]
    money = ExactMoney(row["format"], row["currency"]).round("half_even", step=step).money
    text = money.format("en", currency="code", decimals=0 if step == "1" else 2)
    return text, row["output"]


def rounded_to_currency(row):
    """Two decimals for euros and none for yen, whatever the pattern."""
    money = ExactMoney(row["format"], row["currency"]).round("half_even").money
    return money.amount, re.sub(r"[^0-9.]", "", row["output"].replace(",", "."))


ROUNDED = {
    **{
        f"rounding mode {name}": (rounded_whole, 5)
        for name in [
            "ceil",
            "floor",
            "expand",
            "trunc",
            "halfCeil",
            "halfFloor",
            "halfExpand",
            "halfTrunc",
            "halfEven",
            "halfOdd",
        ]
    },
    "ticket 10436": (rounded_whole, 1),
    "rounding": (rounded_to_pattern, 10),
    "rounding setters": (rounded_to_pattern, 5),
    "rounding mode setters": (rounded_to_pattern, 11),
    "currency usage setters": (rounded_for_cash, 4),
    "currencies": (rounded_to_currency, 2),
}


def test_roundings():
    found = groups()
    for name, (ours_of, count) in ROUNDED.items():
        assert len(found[name]) == count
        for row in found[name]:
            ours, theirs = ours_of(row)
            if isinstance(ours, str):
                assert ours.replace("\xa0", " ") == theirs, (name, row)
            else:
                assert ours == Decimal(theirs), (name, row)
    said("roundings", ROUNDED, sum(count for _, count in ROUNDED.values()))


# ---- formats


def shown(text, decimals, mode="half_even", grouping=True, code="CLF", style="none"):
    money = ExactMoney(text, code).round(mode, step=Decimal(1).scaleb(-decimals)).money
    return money.format("en", currency=style, decimals=decimals, grouping=grouping)


def format_rows(found):
    """(what we write, what ICU writes) for the groups whose settings we have; a row we cannot set gives None."""
    for row in found["int64"]:
        yield "int64", shown(row["format"], 0, grouping=False, code="JPY"), row["output"]
    for row in found["grouping used setters"]:
        yield "grouping used setters", shown(row["format"], 0, grouping=row.get("useGrouping") != "0"), row["output"]
    for row in found["minimum grouping digits"]:
        yield "minimum grouping digits", None if row["format"] == "1000" else shown(row["format"], 0), row["output"]
    for row in found["min max fraction digits"]:
        least, most = int(row["minFractionDigits"]), int(row["maxFractionDigits"])
        yield "min max fraction digits", shown(row["format"], least if least > 3 else most), row["output"]
    for row in found["patterns with leading grouping separator"]:
        yield (
            "patterns with leading grouping separator",
            None if "#'" in row["pattern"] else shown(row["format"], 0),
            row["output"],
        )
    for row in found["behavior on numbers approaching zero"]:
        yield (
            "behavior on numbers approaching zero",
            shown(row["format"], 2) if row["pattern"] == "0.00" else None,
            row["output"],
        )
    for row in found["currency rounding"]:
        text = Money(row["format"], "USD").format("en", currency="symbol") if "¤" in row["pattern"] else None
        yield "currency rounding", text, row["output"]
    for row in found["prefixes and suffixes"]:
        text = Money(row["format"], "USD").format("en", currency="none", negative="brackets")
        yield "prefixes and suffixes", text if row["format"] == "-3.5" else None, row["output"]
    for row in found["format push limits"]:
        yield "format push limits", pushed(row), row["output"]


def pushed(row):
    """Nine decimals and 64 bits are ours: of longer numbers only the refusal is checked."""
    try:
        if row["maxFractionDigits"] == "2":
            return shown(row["format"], 2, "half_toward_zero", grouping=False, code="USD")
        return Money(row["format"], "JPY").format("en", currency="none", decimals=2, grouping=False)
    except (errors.AmountInexactError, errors.AmountOverflowError):
        return None


FORMATTED = {  # group: (written as ICU does, not to be set here)
    "int64": (2, 0),
    "grouping used setters": (3, 0),
    "minimum grouping digits": (3, 1),
    "min max fraction digits": (3, 0),
    "patterns with leading grouping separator": (1, 1),
    "behavior on numbers approaching zero": (3, 6),
    "currency rounding": (3, 1),
    "prefixes and suffixes": (1, 1),
    "format push limits": (5, 7),
}


def test_formats():
    counts = {name: [0, 0] for name in FORMATTED}
    for name, ours, theirs in format_rows(groups()):
        assert ours is None or ours == theirs, name
        counts[name][ours is None] += 1
    assert {name: tuple(count) for name, count in counts.items()} == FORMATTED
    said("formats", FORMATTED, sum(run for run, _ in FORMATTED.values()))


# ---- texts

LOCALES = {"en": "en", "en_US": "en", "en_GB": "en", "pt": "es-CO", "it_IT": "es-CO", "fr_FR": "es-CO"}


def read(row):
    """The amount and currency that ours reads, or the code of its refusal."""
    locale = LOCALES[row["locale"]]
    code = None if "outputCurrency" in row else row.get("currency", "CLF")  # a bare number: four decimals
    form = {"locale": locale}
    if "¤" not in row.get("pattern", ",") and ("," not in row.get("pattern", ",") or row.get("useGrouping") == "0"):
        form = {"decimal_mark": "." if locale == "en" else ","}  # no groups
    try:
        money = Money.parse(row["parse"], code, **form)
    except errors.CuadreError as error:
        return error.code
    return money.amount, str(money.currency)


def expected(row):
    if row["output"] in ("fail", "NaN", "Inf", "-Inf"):
        return None
    return Decimal(row["output"]), row.get("outputCurrency", row.get("currency", "CLF"))


# Read here and refused by ICU: {(group, text): (what is read here, why)}. None is read as two different amounts.
BEHIND = "its form wants the code behind the number, apart by a blank, and brackets; here every place of the locale will do"
PLUS = "its form wants a plus sign; here there is none"
OTHERWISE = {
    ("parse strict", "65,347.25"): ("CLF 65347.2500", PLUS),
    ("parse strict with plus sign", "42"): ("CLF 42.0000", PLUS),
    ("parse strict with plus sign", "0"): ("CLF 0.0000", PLUS),
    ("parse strict without prefix/suffix", "+12.34"): ("CLF 12.3400", "a declared form reads a plus, a locale does not"),
    ("parse currency ISO strict", "USD 53.45"): ("USD 53.45", BEHIND),
    ("parse currency ISO strict", "53.45USD"): ("USD 53.45", BEHIND),
    ("parse currency ISO strict", "-8 USD"): ("USD -8.00", BEHIND),
    ("parse() lowercase currency", "US$123"): ("USD 123.00", "US$ is the dollar of the United States in every locale here"),
}

PARSED = {
    "grouping used setters in parsing": {"same": 6, "refused here": 2},
    "no grouping in pattern with parsing": {"refused here": 2, "same": 2},
    "parse": {"refused here": 40, "same": 3, "refused by both": 1},
    "parse strict": {"refused here": 17, "same": 3, "refused by both": 8, "read here only": 1},
    "parse strict scientific": {"same": 1, "refused here": 3},
    "parse strict without prefix/suffix": {"same": 2, "read here only": 1, "refused by both": 1},
    "parse no exponent flag": {"refused here": 4},
    "parse currency fail": {"refused by both": 1},
    "parse with European-style comma/period": {"same": 3, "refused here": 2},
    "parse currency ISO": {"refused by both": 3, "same": 9, "refused here": 28},
    "parse currency ISO negative": {"refused by both": 2, "same": 13, "refused here": 11},
    "parse currency long": {"refused by both": 2, "same": 9, "refused here": 19},
    "parse currency short": {"refused by both": 2, "same": 9, "refused here": 19},
    "parse currency short prefix": {"refused by both": 1, "same": 9, "refused here": 19},
    "parse currency with foreign symbols symbol english": {"same": 2, "refused here": 2},
    "parse currency with foreign symbols ISO english": {"same": 2, "refused here": 2},
    "parse currency with foreign symbols full english": {"same": 2, "refused here": 2},
    "parse currency without currency mode": {"same": 4, "refused by both": 4},
    "parse currency ISO strict": {"same": 4, "read here only": 3, "refused here": 10, "refused by both": 19},
    "parse minus sign": {"same": 1, "refused here": 7},
    "parse infinity and scientific notation overflow": {"refused by both": 5, "refused here": 7},
    "ticket 11230": {"refused here": 28, "refused by both": 4},
    "more strict grouping parse": {"refused here": 2, "refused by both": 1},
    "parse spaces in grouping": {"refused here": 3},
    "lenient parse currency match": {"refused here": 1},
    "parse strict with plus sign": {"same": 8, "read here only": 2},
    "parse() lowercase currency": {"same": 2, "refused here": 7, "read here only": 1, "refused by both": 6},
    "parseCurrency() lowercase currency": {"same": 4, "refused here": 10, "refused by both": 2},
}


def test_texts():
    found, counts, otherwise = groups(), {}, {}
    for name in PARSED:
        count = counts[name] = Counter()
        for row in found[name]:
            ours, theirs = read(row), expected(row)
            if isinstance(ours, str):
                count["refused by both" if theirs is None else "refused here"] += 1
            elif ours == theirs:
                count["same"] += 1
            else:
                assert theirs is None, (name, row, ours)  # never another amount
                count["read here only"] += 1
                otherwise[name, row["parse"]] = f"{ours[1]} {ours[0]}"
    assert otherwise == {case: read_here for case, (read_here, _) in OTHERWISE.items()}
    assert {name: dict(count) for name, count in counts.items()} == PARSED
    total = sum((Counter(count) for count in PARSED.values()), Counter())
    said(f"texts {dict(sorted(total.items()))}", PARSED, total.total())


# ---- the whole file


def test_every_group_is_decided():
    found = groups()
    scoped = [name for names in OUT_OF_SCOPE.values() for name in names]
    assert sorted([*scoped, *ROUNDED, *FORMATTED, *PARSED]) == sorted(found)
    assert (len(found), sum(map(len, found.values()))) == (114, 959)
    excepted = {reason: sum(len(found[name]) for name in names) for reason, names in OUT_OF_SCOPE.items()}
    print(f"conformance: ICU, excepted: {sum(excepted.values())} in {len(scoped)} groups: {excepted}")
