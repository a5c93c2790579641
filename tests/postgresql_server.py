"""A PostgreSQL of our own for tests: in a temporary folder, on a socket only, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

USER = "cuadre"
WAIT_S = 60  # a busy machine starts it late; a healthy one within a second


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest first; Debian keeps it off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    path = str(found[-1]) if found else shutil.which("initdb")
    return Path(path).resolve().parent if path else None


def owner() -> dict[str, Any]:
    """Whom the server runs as: initdb refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return {}


@contextlib.contextmanager
def running(folder_of_programs: Path) -> Iterator[str]:
    """Start a server and give the folder of its socket: user "cuadre", no password."""
    folder = Path(tempfile.mkdtemp(prefix="cuadre-pg-"))  # short: a socket's path has 107 bytes
    who = owner()
    if who:
        os.chown(folder, who["user"], who["group"])
    data = folder / "data"
    words = ["-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    server = None
    try:
        done = subprocess.run(
            [folder_of_programs / "initdb", *words], cwd=folder, capture_output=True, text=True, check=False, **who
        )
        assert done.returncode == 0, done.stdout + done.stderr
        options = ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off"]
        log = folder / "log"
        with log.open("w") as output:
            server = subprocess.Popen(
                [folder_of_programs / "postgres", *options], cwd=folder, stdout=output, stderr=output, **who
            )
        wait_for(server, folder, log)
        yield str(folder)
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # its "fast" shutdown: connections are closed, nothing is waited for
            try:
                server.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    import psycopg

    end = time.monotonic() + WAIT_S
    while True:
        try:
            psycopg.connect(host=str(folder), user=USER, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.05)
