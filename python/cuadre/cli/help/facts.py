"""The lines that pages of help do not write themselves: each function asks the table that the code runs on, and raises nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from cuadre import _core, errors, layouts, machines, rules, settlement
from cuadre.cli.exits import Exit
from cuadre.cli.output import WIDTH


def currencies() -> Iterator[str]:
    """How many decimals the currencies have: the usual two in a number, the others by name."""
    by_decimals: dict[str, list[str]] = {}
    for currency in _core.currencies():
        decimals = "none" if currency.minor_units is None else str(currency.minor_units)
        by_decimals.setdefault(decimals, []).append(currency.code)
    for decimals, codes in sorted(by_decimals.items()):
        shown = f"{len(codes)} currencies, COP, PEN and USD among them" if decimals == "2" else ", ".join(codes)
        yield from _entry(decimals, shown, 4)


def roundings() -> Iterator[str]:
    return _entries(dict(_core.rounding_modes()))


def taxes() -> Iterator[str]:
    """Each tax once, with its places and kinds."""
    found: dict[str, dict[str, None]] = {}
    for row in rules.listing():
        if row["kind"] in ("tax", "cash"):
            what = f"{row['kind']} {row['name']} {row['country']}"
            found.setdefault(what, {})[" ".join(part for part in (row["place"], row["variant"]) if part) or "the usual one"] = (
                None
            )
    return _entries({what: ", ".join(kinds) for what, kinds in found.items()})


def gateways() -> Iterator[str]:
    """Each gateway with the messages that come from it, and what their signatures cover."""
    found: dict[str, dict[str, str]] = {}
    for scheme in _core.gateway_table():
        if scheme["incoming"]:
            covered = ", ".join(scheme["covered"]) or "nothing"
            found.setdefault(scheme["gateway"], {}).setdefault(scheme["message"], covered)
    return _entries({g: "; ".join(f"{message}: {parts}" for message, parts in them.items()) for g, them in found.items()})


def refusals() -> Iterator[str]:
    return _wrapped(_core.signature_reasons())


def statuses() -> Iterator[str]:
    """Our words, and how many of the gateways' words mean each."""
    found: dict[str, int] = {}
    for word in _core.status_words():
        if word["ours"]:
            found[word["ours"]] = found.get(word["ours"], 0) + 1
    return _wrapped(f"{ours} ({count})" for ours, count in sorted(found.items()))


def outcomes() -> Iterator[str]:
    return _entries({outcome["name"]: outcome["en"] for outcome in machines.words()["outcomes"]})


def states() -> Iterator[str]:
    """The states of the three machines; an exclamation mark where a person has to look."""
    for machine in _core.machines():
        yield f"{machine['name']}:"
        shown = {state["name"] + (" !" if state["review"] else ""): state["en"] for state in machine["states"]}
        yield from (f"  {line}" for line in _entries(shown))


def accounts() -> Iterator[str]:
    return _entries({account["name"]: account["en"] for account in machines.words()["accounts"]})


def language() -> Iterator[str]:
    """The language of layouts, as it is checked."""
    yield from layouts.reference().splitlines()


def shipped() -> Iterator[str]:
    for name in settlement.layouts():
        layout = settlement.Layout.load(name)
        yield from _entry(name, f"{layout.status:<10}  {layout.title}", 24)


def failures() -> Iterator[str]:
    """The family of errors: a class, what it is besides, its code, and what that means."""
    meanings = dict(_core.error_codes())
    yield "CuadreError"
    for family in errors.CuadreError.__subclasses__():
        yield from (f"  {line}" for line in _failure(family, meanings))
        for kind in family.__subclasses__():
            yield from (f"    {line}" for line in _failure(kind, meanings))


def _failure(kind: type[errors.CuadreError], meanings: Mapping[str, str]) -> Iterator[str]:
    natural = "".join(f" ({base.__name__})" for base in kind.__bases__ if not issubclass(base, errors.CuadreError))
    if kind.code:
        yield f"{kind.__name__}{natural}"
        yield from textwrap.wrap(
            f"{kind.code}: {meanings[kind.code]}", WIDTH, initial_indent="    ", subsequent_indent="      "
        )
    else:
        yield kind.__name__


def exits() -> Iterator[str]:
    for code in Exit:
        yield from _entry(f"{code:d}", f"{code.brief}: {code.detail}", 3)
        if code.message:
            yield f"     of cuadre verify: {code.message}"


def _entries(pairs: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, pairs))
    for name, text in pairs.items():
        yield from _entry(name, text, width)


def _entry(name: str, text: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent=f"{name:<{width}}  ", subsequent_indent=" " * (width + 2))


def _wrapped(names: Iterable[str]) -> Iterator[str]:
    yield from textwrap.wrap(", ".join(names), WIDTH)
