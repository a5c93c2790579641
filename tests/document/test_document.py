"""Documents: every rule against a plain twin, every way of typing one outcome, and what check digits catch, counted."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import cli, errors, rules

DIGITS = "0123456789"
REASONS = {row["name"] for row in rules.documents.reasons()}
KINDS = sorted({(row["country"], row["type"]) for row in rules.documents.rows()})


def read(text, kind, country=None, rule="register"):
    return rules.document(text, kind, country=country or ("PE" if kind in ("DNI", "CUI", "RUC") else "CO"), rule=rule)


# ---- plain twins of the check digits, from the tables of weights as the offices print them


def nit_digit(body):
    weights = [71, 67, 59, 53, 47, 43, 41, 37, 29, 23, 19, 17, 13, 7, 3]
    rest = sum(w * int(d) for w, d in zip(weights, body.zfill(15), strict=True)) % 11
    return str(rest if rest in (0, 1) else 11 - rest)


def ruc_digit(body):
    left = 11 - sum(w * int(d) for w, d in zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], body, strict=True)) % 11
    return str({10: 0, 11: 1}.get(left, left))


def cui_ends(body):
    # the series of RENIEC: eleven less the remainder picks from them; the first place belongs to 11
    left = (11 - sum(w * int(d) for w, d in zip([3, 2, 7, 6, 5, 4, 3, 2], body, strict=True)) % 11) % 11
    return "67890112345"[left], "KABCDEFGHIJ"[left]


def nits(count, source):
    for _ in range(count):
        body = source.choice("89") + "".join(source.choices(DIGITS, k=8))
        yield body + nit_digit(body)


def rucs(count, source):
    for _ in range(count):
        body = source.choice(["10", "15", "16", "17", "20"]) + "".join(source.choices(DIGITS, k=8))
        yield body + ruc_digit(body)


# ---- what is published


@pytest.mark.parametrize("number", ["800.197.268-4", "213.123.432-1"])  # the tax office's own; python-stdnum's example
def test_known_nits(number):
    assert read(number, "NIT").valid


@pytest.mark.parametrize("number", ["20512333797", "20607854247", "10054148289", "10101174102"])
def test_known_rucs(number):
    assert read(number, "RUC").valid


def test_ruc_of_a_person_holds_the_dni():
    assert read("10117410-2", "CUI").text[:8] == read("10101174102", "RUC").text[2:10]


# ---- the cédula: the register and the seeds do not agree


@pytest.mark.parametrize("digits", range(1, 14))
@pytest.mark.parametrize("first", DIGITS[1:])
def test_cedula_of_every_length(digits, first):
    found = read(first + "7" * (digits - 1), "CC")
    assert found.valid is (3 <= digits <= 8 or (digits == 10 and first == "1"))
    assert (found.verdicts["seeds"] == "ok") is (digits in (10, 11))
    assert (found.verdicts["dlocal"] == "ok") is (6 <= digits <= 11)
    assert found.rule == "register" and found.verdicts["register"] == found.reason


def test_the_rule_that_decides_is_chosen():
    old = read("79.123.456", "CC")
    assert (old.valid, old.text, old.verdicts["seeds"]) == (True, "79123456", "too_short")
    refused = read("79.123.456", "CC", rule="seeds")
    assert (refused.valid, refused.text, refused.reason) == (False, "", "too_short")


def test_the_rules_say_what_they_rest_on():
    assert {row["status"] for row in rules.documents.rows()} <= {"official", "community", "unverified", "seeds"}
    seeds = [row for row in rules.documents.rows() if row["rule"] == "seeds"]
    assert [(row["type"], row["length_min"], row["length_max"], row["status"]) for row in seeds] == [("CC", 10, 11, "seeds")]
    assert all(row["source"] for row in rules.documents.rows())


# ---- check digits


def test_nit_ruc_and_cui_as_their_twins():
    source = random.Random(20261125)
    for _ in range(3000):
        body = source.choice(DIGITS[1:]) + "".join(source.choices(DIGITS, k=8))
        valid = [last for last in DIGITS if read(body + last, "NIT").valid]
        assert valid == [nit_digit(body)]
        body = source.choice(["10", "15", "16", "17", "20"]) + body[:8]
        assert [last for last in DIGITS if read(body + last, "RUC").valid] == [ruc_digit(body)]
        body = body[1:9]
        ends = [last for last in DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if read(f"{body}-{last}", "CUI").valid]
        assert ends == sorted(cui_ends(body))


def test_peer_python_stdnum():
    stdnum = pytest.importorskip("stdnum", reason="python-stdnum is a peer, not a dependency: pip install python-stdnum")
    from stdnum.co import nit
    from stdnum.pe import cui, ruc

    assert stdnum
    source = random.Random(7)
    for _ in range(20_000):
        text = "".join(source.choices(DIGITS, k=10))
        if text[0] != "0":
            assert read(text, "NIT").valid == nit.is_valid(text)
        text = source.choice(["10", "15", "17", "20", "30"]) + text[:9]
        assert read(text, "RUC").valid == ruc.is_valid(text)
        text = text[2:10] + source.choice(DIGITS + "ABCDEFGHIJK")
        if text.strip("0"):
            assert read(text, "CUI").valid == cui.is_valid(text)


def missed(numbers, kind, swaps):
    """How many mistakes there were, and how many of them the check digit does not see."""
    tried = unseen = 0
    for number in numbers:
        for at in range(len(number)):
            others = [number[:at] + d + number[at + 1 :] for d in DIGITS if d != number[at]]
            if swaps:
                others = [number[:at] + number[at + 1] + number[at] + number[at + 2 :]] if at + 1 < len(number) else []
            for other in others:
                if other != number and other[0] != "0":
                    tried += 1
                    unseen += read(other, kind).valid
    return tried, unseen


def collision(body, changed, weights, pair):
    sums = {sum(w * int(d) for w, d in zip(weights, text, strict=True)) % 11 for text in (body, changed)}
    return sums == set(pair)


def test_one_wrong_digit_of_a_nit_is_seen_but_where_two_remainders_share_a_digit():
    weights = [41, 37, 29, 23, 19, 17, 13, 7, 3]
    for number in nits(150, random.Random(1)):
        for at in range(10):
            for digit in set(DIGITS) - {number[at]}:
                other = number[:at] + digit + number[at + 1 :]
                if other[0] == "0":
                    continue
                expected = at < 9 and collision(number[:9], other[:9], weights, (1, 10))  # both end in 1
                assert read(other, "NIT").valid is expected, (number, other)


def test_one_wrong_digit_of_a_ruc_is_seen_but_where_two_remainders_share_a_digit():
    weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    for number in rucs(150, random.Random(2)):
        for at in range(11):
            for digit in set(DIGITS) - {number[at]}:
                other = number[:at] + digit + number[at + 1 :]
                if other[:2] not in ("10", "15", "16", "17", "20"):
                    assert not read(other, "RUC").valid
                    continue
                expected = at < 10 and collision(number[:10], other[:10], weights, (0, 10))  # both end in 1
                assert read(other, "RUC").valid is expected, (number, other)


@given(st.text(DIGITS, min_size=8, max_size=8).filter(lambda text: text.strip("0")), st.integers(0, 7), st.sampled_from(DIGITS))
def test_the_letter_of_a_cui_misses_no_wrong_digit(body, at, digit):
    changed = body[:at] + digit + body[at + 1 :]
    assert read(f"{changed}-{cui_ends(body)[1]}", "CUI").valid is (changed == body)


def test_few_mistakes_go_unseen():
    """Of one wrong digit under 2 in 100; of two neighbours that changed places under 3 in 100."""
    source = random.Random(3)
    for numbers, kind in ((list(nits(120, source)), "NIT"), (list(rucs(120, source)), "RUC")):
        for swaps in (False, True):
            tried, unseen = missed(numbers, kind, swaps)
            assert tried > 900 and unseen * 100 < tried * (3 if swaps else 2), (kind, swaps, tried, unseen)


# ---- every way of typing

SEPARATORS = st.sampled_from(["", "", "", " ", ".", ",", "\u00a0", "\u2009", "\u202f", "\u3000", "\uff0e"])
WIDE = {ord(digit): 0xFF10 + int(digit) for digit in DIGITS}


@given(
    st.text(DIGITS, min_size=1, max_size=14),
    st.lists(SEPARATORS, min_size=14, max_size=14),
    st.booleans(),
    st.sampled_from(KINDS),
)
def test_separators_and_width_count_for_nothing(digits, separators, wide, kind):
    country, name = kind
    written = "".join(mark + digit for mark, digit in zip(separators, digits, strict=False))
    plain, typed = read(digits, name, country), read(f" {written.translate(WIDE) if wide else written}\r\n", name, country)
    assert (typed.reason, typed.text, typed.masked, typed.verdicts) == (plain.reason, plain.text, plain.masked, plain.verdicts)


@given(st.text(max_size=40), st.sampled_from(KINDS))
def test_any_text_has_one_outcome(text, kind):
    found = read(text, kind[1], kind[0])
    assert found.reason in REASONS and set(found.verdicts.values()) <= REASONS
    assert found.valid is (found.reason == "ok") is bool(found.text)
    if found.valid:
        assert found.text.isascii() and found.text.isalnum() and found.text == found.text.upper()
        again = read(found.text, kind[1], kind[0])
        assert again.text == found.text or again.reason == "check_missing"  # the hyphen that told it apart is gone


@given(st.text("0123456789abcXYZ", min_size=2, max_size=20), st.sampled_from(KINDS))
def test_no_document_shows_whole(text, kind):
    found = read(text, kind[1], kind[0])
    shown = found.masked.lstrip("*")
    assert len(shown) <= 4 and 2 * len(shown) <= len(text) and text.upper().endswith(shown)
    for said in (repr(found), str(found), found.sentence_en, found.sentence_es):
        assert text.upper() not in said.replace("NIT", "").replace("RUC", "") or len(text) < 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"), ("  \n", "empty"), ("-.-", "empty"),
        ("0", "all_zeros"), ("00.000.000", "all_zeros"), ("\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10", "all_zeros"),
        ("CC 79123456", "letters"), ("7912345O", "letters"), ("\uff21\uff22\uff23", "letters"),
        ("79123456\t1", "character_wrong"), ("79/123", "character_wrong"), ("79\x00123", "character_wrong"),
        ("\u0661\u0662\u0663\u0664", "character_wrong"), ("7912345\u00f1", "character_wrong"), ("\ud800", "character_wrong"),
        ("\u00b2\u00b3\u00b9", "character_wrong"), ("+79123456", "character_wrong"), ("7.9e7", "letters"),
        ("12", "too_short"), ("123456789", "length_wrong"), ("12345678901", "too_long"), ("9" * 100_000, "too_long"),
        ("0079123456", "leading_zero"), ("2020304050", "prefix_wrong"),
    ],
)  # fmt: skip
def test_bad_input_has_a_name(text, reason):
    found = read(text, "CC")
    assert (found.reason, found.valid, found.text) == (reason, False, "")
    for sentence, language in ((found.sentence_en, "en"), (found.sentence_es, "es")):
        assert next(row[language] for row in rules.documents.reasons() if row["name"] == reason) in sentence
        assert sentence.startswith("CC (CO): ") and sentence.endswith(".")


@pytest.mark.parametrize(
    ("kind", "country", "text", "reason"),
    [
        ("DNI", "PE", "01234567", "ok"), ("DNI", "PE", "1234567", "too_short"), ("DNI", "PE", "10117410-2", "too_long"),
        ("CUI", "PE", "10117410", "check_missing"), ("CUI", "PE", "1011741K", "letters"), ("CUI", "PE", "10117410-3", "check_wrong"),
        ("CUI", "PE", "10117410-z", "check_wrong"),
        ("RUC", "PE", "2051233379", "too_short"), ("RUC", "PE", "20512333798", "check_wrong"), ("RUC", "PE", "30512333797", "prefix_wrong"),
        ("NIT", "CO", "800197268", "check_missing"), ("NIT", "CO", "8001972685", "check_wrong"), ("NIT", "CO", "79123456", "check_missing"),
        ("NIT", "CO", "800197268412", "too_long"),
        ("CE", "CO", "123456", "ok"), ("CE", "CO", "12345678", "too_long"), ("CE", "CO", "E123456", "letters"),
        ("CE", "PE", "000123456", "ok"), ("CE", "PE", "00012345678A", "ok"), ("CE", "PE", "12345678", "too_short"),
        ("PA", "CO", "ar 123-456", "ok"), ("PA", "PE", "AB12", "too_short"), ("PA", "PE", "A" * 13, "too_long"),
    ],
)  # fmt: skip
def test_other_types(kind, country, text, reason):
    assert read(text, kind, country).reason == reason


def test_nit_of_a_person_needs_its_hyphen_where_the_length_does_not_tell():
    for cedula in ("79123456", "5432109", "123"):
        assert read(f"{cedula}-{nit_digit(cedula)}", "NIT").valid
        assert read(cedula + nit_digit(cedula), "NIT").reason == "check_missing"
    assert read("1020304050" + nit_digit("1020304050"), "NIT").valid


# ---- misuse


@pytest.mark.parametrize("text", [79123456, 79123456.0, None, b"79123456", ["79123456"]])
def test_only_text_is_a_document(text):
    with pytest.raises(errors.ArgumentInvalidError) as caught:
        read(text, "CC")
    assert "79123456" not in str(caught.value)


def test_unknown_words_name_the_closest():
    for call, said in (
        (lambda: read("1", "CCC"), "CO CC"),
        (lambda: read("1", "RUCC", "PE"), "PE RUC"),
        (lambda: read("1", "CC", rule="sed"), "seeds"),
        (lambda: read("1", "CC", "MX"), "CO CC"),
    ):
        with pytest.raises(errors.RuleUnknownError, match=said):
            call()
    with pytest.raises(errors.ArgumentInvalidError):
        read("1", 7)


@pytest.mark.parametrize(
    "words", [("CC", "79123456", "CO", "register"), ("CC", "CC", "79123456", "register"), ("CC", "CC", "CO", "79123456")]
)
def test_a_document_in_the_wrong_place_is_not_shown(words):
    text, kind, country, rule = words
    with pytest.raises(errors.RuleUnknownError) as caught:
        rules.document(text, kind, country=country, rule=rule)
    assert "79" not in str(caught.value) and "***" in str(caught.value)


def test_command_line_lists_them(capsys):
    assert cli.main(["rules", "show", "cui"]) == 0
    printed = capsys.readouterr().out
    assert "document" in printed and "check cui" in printed and "python-stdnum" in printed
