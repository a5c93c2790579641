"""``cuadre machines``: the list, the rules and the drawings, as a person meets them in a shell."""

import json

import pytest

from cuadre import _core, cli, machines
from cuadre.voucher import NOTIFICATION_EVENTS


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["machines", *arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, out, err


def test_list_has_one_line_a_machine(capsys):
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == machines.names() == ["voucher", "refund", "payout"]
    for line, machine in zip(out.splitlines(), _core.machines(), strict=True):
        assert f"{len(machine['states'])} states, {len(machine['events'])} events, {len(machine['rules'])} rules" in line
        assert all(state["name"] in line for state in machine["states"] if state["review"])


@pytest.mark.parametrize("name", ["voucher", "refund", "payout"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_show_has_every_rule_in_the_order_it_is_tried(capsys, name, language):
    code, out, _ = run(capsys, "show", name, "--lang", language)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100
    machine = next(machine for machine in _core.machines() if machine["name"] == name)
    flat = " ".join(out.split())
    for event in machine["events"]:
        at = flat.index(f"{event['name']}: {event[language]}")
        for rule in (rule for rule in machine["rules"] if rule["event"] == event["name"]):
            parts = [f"-> {rule['to']}"] if rule["to"] else [rule["outcome"]] if rule["outcome"] != "applied" else []
            parts += [rule["reason_" + language]] if rule["reason"] != "none" else []
            parts += [rule["booking"]] if rule["booking"] != "nothing" else []
            for part in parts:  # each behind the one before it
                at = flat.index(part, at) + len(part)


def test_show_keeps_to_the_state_and_the_event(capsys):
    code, out, _ = run(capsys, "show", "voucher", "--state", "paid", "--event", "paid")
    assert code == 0
    assert out.startswith("paid: cash was paid\n  if the amount is that of the whole voucher")
    assert "-> paid_twice (the whole amount was paid again); books receive" in out
    assert "-> overpaid" in out and "underpaid" not in out and "settled:" not in out


def test_json_is_the_data(capsys):
    _, out, _ = run(capsys, "--json")
    assert json.loads(out) == {"machines": _core.machines(), "words": _core.machine_words()}
    _, out, _ = run(capsys, "show", "payout", "--event", "collected", "--json")
    rules = [rule for rule in _core.machines()[2]["rules"] if rule["event"] == "collected"]
    assert json.loads(out)["rules"] == rules != []
    _, out, _ = run(capsys, "draw", "payout", "--json")
    assert json.loads(out)["drawing"] == machines.draw("payout", "text")


def test_draw_says_or_writes(capsys, tmp_path):
    code, out, _ = run(capsys, "draw", "refund")
    assert code == 0 and out == machines.draw("refund", "text")
    for name, form in (("refund.svg", "svg"), ("refund.txt", "text"), ("refund.SVG", "svg")):
        code, out, _ = run(capsys, "draw", "refund", "--out", str(tmp_path / name), "--lang", "es")
        assert code == 0 and out.strip() == str(tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8") == machines.draw("refund", form, language="es")


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["show", "vaucher"], 'did you mean "voucher"?', "argument_invalid"),
        (["show", "voucher", "--state", "payed"], 'did you mean "paid"?', "argument_invalid"),
        (["show", "voucher", "--event", "refund"], 'did you mean "refunded"?', "argument_invalid"),
        (["show", "payout", "--state", "zzz"], "there are created, sent, waiting", "argument_invalid"),
        (["show"], "needs a name: voucher, refund, payout", "argument_invalid"),
        (["draw"], "needs a name", "argument_invalid"),
        (["list", "voucher"], "cuadre machines show voucher shows one", "argument_invalid"),
        (["draw", "voucher", "--state", "paid"], "--state belongs to cuadre machines show", "argument_invalid"),
        (["show", "voucher", "--out", "x.svg"], "--out belongs to cuadre machines draw", "argument_invalid"),
        (["draw", "voucher", "--out", "/no/such/folder/x.svg"], "cannot write", "file_unwritable"),
    ],
)
def test_mistakes_are_told_in_one_line(capsys, arguments, said, code):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert said in err and f"[{code}]" in err and len(err.splitlines()) == 1


def test_notifications_are_the_table_that_vouchers_use(capsys):
    code, out, err = run(capsys, "notifications")
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["machine", "kind", "status", "event"]
    assert ["voucher", "payment", "authorised", "(ask)"] in lines
    assert {tuple(line[:3]): None if line[3] == "(ask)" else line[3] for line in lines[1:]} == dict(NOTIFICATION_EVENTS)
    _, out, _ = run(capsys, "notifications", "--json")
    assert json.loads(out) == machines.notifications()
    code, _, err = run(capsys, "notifications", "voucher")
    assert code == 2 and "takes no name" in err
