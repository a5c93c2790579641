"""The command line as a person meets it: output, exit codes, and never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cuadre.cli import main

HEADER = "reference,amount,currency,date\n"


@pytest.fixture
def write(tmp_path):
    def make(text: str | bytes, name: str) -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return make


@pytest.fixture
def run(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def sides(write):
    ledger = write(HEADER + "A,10.00,COP,2026-03-01\nB,5.00,COP,2026-03-02\n", "ledger.csv")
    return ledger, write(HEADER + "A,10.00,COP,2026-03-02\nB,4.50,COP,2026-03-03\n", "day.csv")


def test_reconcile_balanced_is_0(run, sides):
    code, out, err = run("reconcile", sides[0], sides[0])
    assert (code, err) == (0, "")
    assert out.startswith("2 matched, 0 breaks, nothing dropped: proof holds")


def test_reconcile_breaks_is_1(run, sides):
    code, out, _ = run("reconcile", *sides)
    assert code == 1
    assert "1 matched, 1 break worth COP 0.50" in out
    assert "amount differs" in out


def test_reconcile_in_spanish(run, sides):
    code, out, _ = run("reconcile", *sides, "--lang", "es")
    assert code == 1
    assert "1 coincidencia, 1 diferencia por COP 0,50, nada se perdió: la prueba cuadra" in out
    assert "valor distinto" in out


def test_reconcile_json_is_json_with_exact_amounts(run, sides):
    code, out, _ = run("reconcile", *sides, "--json", "--as-of", "2026-03-05")
    found = json.loads(out)
    assert code == 1 and found["balanced"] is False
    assert found["breaks"][0]["difference"] == "-0.50"
    assert found["breaks"][0]["age_days"] == 3
    assert {"summary", "proof", "files", "checks", "rejects", "breaks", "key"} <= found.keys()


def test_reconcile_writes_csv_and_report(run, sides, tmp_path):
    report, folder = tmp_path / "report.html", tmp_path / "out"
    code, out, _ = run("reconcile", *sides, "--csv", str(folder), "--out", str(report))
    assert code == 1
    assert report.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    assert (folder / "breaks.csv").exists()
    assert str(report) in out


def test_columns_by_option(run, write):
    ledger, day = write("Orden,Total\nA,1\n", "l.csv"), write("CIP,Monto\nA,1\n", "d.csv")
    options = [
        "--column",
        "reference=CIP",
        "--column",
        "amount=Monto",
        "--ledger-column",
        "reference=1",
        "--ledger-column",
        "amount=2",
    ]
    assert run("reconcile", ledger, day, "--currency", "PEN", *options)[0] == 0
    assert run("reconcile", ledger, day, "--column", "CIP")[0] == 2


def test_reconcile_key_and_currency(run, write):
    ledger, day = write("reference,amount\n0012,1\n", "l.csv"), write("reference,amount\n12,1\n", "d.csv")
    assert run("reconcile", ledger, day)[0] == 2
    assert run("reconcile", ledger, day, "--currency", "PEN")[0] == 1
    assert run("reconcile", ledger, day, "--currency", "PEN", "--key", "strip_left_zeros")[0] == 0
    assert run("reconcile", ledger, day, "--currency", "PEN", "--key", "as_written")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["{missing}", "{day}"], "file_missing"),
        (["{folder}", "{day}"], "file_unreadable"),
        (["{empty}", "{day}"], "file_empty"),
        (["{ledger}", "{day}", "--layout", "nope"], "layout_unknown"),
        (["{ledger}", "{day}", "--layout", "{broken}"], "layout_invalid"),
        (["{ledger}", "{day}", "--key", "zeros"], "argument_invalid"),
        (["{ledger}", "{day}", "--as-of", "tomorrow"], "argument_invalid"),
        (["{ledger}", "{day}", "--currency", "XQX"], "currency_unknown"),
        (["{headless}", "{day}"], "column_missing"),
        (["{ledger}", "{day}", "--out", "{folder}"], "file_unwritable"),
        (["{ledger}", "{day}", "--csv", "{ledger}"], "file_unwritable"),
    ],
)
def test_unusable_input_is_2_in_one_line(run, sides, write, tmp_path, arguments, code):
    places = {
        "ledger": sides[0],
        "day": sides[1],
        "missing": str(tmp_path / "none.csv"),
        "folder": str(tmp_path),
        "empty": write("", "empty.csv"),
        "broken": write("kind = = 1", "broken.toml"),
        "headless": write("ref,amount,currency\nA,1,COP\n", "headless.csv"),
    }
    exit_code, _, err = run("reconcile", *(argument.format(**places) for argument in arguments))
    assert exit_code == 2
    assert err.startswith("cuadre: ") and err.count("\n") == 1
    assert f"[{code}]" in err


def test_wrong_call_is_2(run):
    assert run("reconcile")[0] == 2
    assert run("nonsense")[0] == 2
    assert run()[0] == 2


def test_inspect(run, sides, write):
    code, out, _ = run("inspect", *sides)
    assert code == 0
    assert out.count("read whole: 2 rows") == 2 and "layout: plain" in out
    code, out, _ = run("inspect", write(HEADER + "A,x,COP,\n", "bad.csv"))
    assert code == 1
    assert "rejects: " in out and "line 2" in out
    code, out, _ = run("inspect", sides[0], "--json")
    assert code == 0
    assert json.loads(out)[0]["verdict"] == "no_controls"


def test_inspect_suggests_and_does_not_guess(run, write):
    head = "id de la transaccion,fecha,referencia,monto,moneda,medio de pago\n"
    path = write(head + "1,13-04-2026 16:52,ref-1,840763.00,COP,CARD\n", "w.csv")
    code, out, err = run("inspect", path)
    assert (code, out) == (2, "")
    assert "column_missing" in err and "looks like wompi-desembolsos" in err


def test_inspect_goes_on_after_a_bad_file(run, sides, tmp_path):
    code, out, err = run("inspect", str(tmp_path / "none.csv"), sides[0])
    assert code == 2
    assert "read whole" in out and "file_missing" in err


def test_hostile_bytes_do_not_reach_the_terminal(run, write):
    path = write(HEADER + "\x1b[31mA,x,COP,\n", "esc.csv")
    code, out, _ = run("inspect", path)
    assert code == 1 and "\x1b" not in out


def test_layouts(run, write):
    code, out, _ = run("layouts")
    assert code == 0
    assert "asobancaria-2001-recaudo" in out and "community" in out
    code, out, _ = run("layouts", "show", "efecty-sftp")
    assert code == 0 and "unverified" in out and "[row_type]" in out
    code, out, _ = run("layouts", "show", "plain", "--json")
    assert json.loads(out)["declaration"]["kind"] == "delimited"
    assert run("layouts", "show", "plan")[0] == 2
    assert 'did you mean "plain"' in run("layouts", "show", "plan")[2]
    assert run("layouts", "show")[0] == 2


def test_version_names_what_is_linked(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("cuadre ")
    assert "openssl" in out.lower() and "simdjson" in out.lower()


@pytest.mark.parametrize("command", [[], ["inspect"], ["reconcile"], ["layouts"]])
def test_help_has_examples(run, command):
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert ("examples:" in out) == bool(command)


def command_line(*arguments, **kwargs):
    return subprocess.Popen(
        [sys.executable, "-m", "cuadre", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs
    )


def test_module_runs_and_is_quiet_off_a_terminal(sides):
    process = command_line("reconcile", *sides)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "")
    assert "1 break" in out


def test_ctrl_c_is_130(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write(HEADER)
        block = "".join(f"REFERENCE{n:09},1.00,COP,2026-03-01\n" for n in range(100_000))
        for _ in range(30):
            file.write(block)
    process = command_line("reconcile", str(path), str(path), "--threads", "1")
    time.sleep(0.6)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, err = process.communicate(timeout=60)
    assert time.monotonic() - started < 5
    if process.returncode not in (0, 1):  # it may have been done already
        assert process.returncode in (130, -signal.SIGINT)
        assert "Traceback" not in err or "import" in err


def test_closed_pipe_is_no_traceback(sides):
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-m", "cuadre", "reconcile", *sides, "--json"], stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err


def test_a_broken_layout_says_nothing_about_the_file(tmp_path, capsys):
    path, layout = tmp_path / "a.csv", tmp_path / "broken.toml"
    path.write_text("reference,amount,currency,date\nA-1,5.00,COP,2026-03-02\n")
    layout.write_text('kind = "delimited"\n')
    assert main(["inspect", str(path), "--layout", str(layout)]) == 2
    assert "looks like" not in capsys.readouterr().err
