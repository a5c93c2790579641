"""``cuadre help``: every page is listed, is whole, and says what the tables say. That its blocks run is tested in test_docs.py."""

import pytest

import cuadre
from cuadre import _core, cli, errors
from cuadre.cli import help
from pages import HELP


def test_help_lists_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert listed == set(help.topics()) == {path.stem for path in HELP}
    assert listed >= {"money", "notifications", "vouchers", "layouts", "errors", "exit-codes"}


@pytest.mark.parametrize("topic", help.topics())
def test_help_is_whole(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", *topic.split("-")]) == 0
    out = capsys.readouterr().out
    assert "{{" not in out and "```" not in out and out.startswith(topic.replace("-", " ").upper() + ": ")


def test_help_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", "mony"]) == 2
    assert 'did you mean "money"?' in capsys.readouterr().err


def test_help_says_what_the_tables_say() -> None:
    """Each page holds all of the tables that it is made from."""
    shown = {topic: "\n".join(help.page(topic)) for topic in help.topics()}
    for code, kind in errors.CLASSES.items():
        assert f"{code}: " in shown["errors"] and kind.__name__ in shown["errors"]
    for reason in _core.signature_reasons():
        assert reason in shown["notifications"]
    for scheme in _core.schemes():
        assert scheme["gateway"] in shown["notifications"] or not scheme["incoming"]
    for machine in _core.machines():
        for state in machine["states"]:
            assert f"{state['name']} " in shown["vouchers"] and state["en"] in shown["vouchers"]
    for name, meaning in _core.rounding_modes():
        assert f"{name} " in shown["money"] and meaning in shown["money"]
    for name in cuadre.settlement.layouts():
        assert name in shown["layouts"]
    for code in cli.Exit:
        assert f"{code:d} " in shown["exit-codes"] and code.brief in shown["exit-codes"]
