"""``cuadre help TOPIC``: the reference, one page a topic.

A page is a Markdown file beside this one. Its blocks of code are run by the tests, as the README's are. A line ``{{name}}`` stands for lines that
``cuadre.cli.help.facts`` makes from the tables that the code runs on, so the page cannot say anything else than the code does.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cuadre import errors
from cuadre.base.text import closest
from cuadre.cli.exits import Exit
from cuadre.cli.output import WIDTH

_FOLDER = Path(__file__).parent
_FACTS = re.compile(r"\{\{(\w+)\}\}")


def add(commands: Any) -> None:
    text = "Explains one topic: money, notifications, vouchers, layouts, errors, exit codes and more; without one, lists them."
    command = commands.add_parser("help", help=text, description=text)
    command.set_defaults(run=run)
    command.add_argument("topic", nargs="*", metavar="TOPIC")


def run(arguments: argparse.Namespace) -> int:
    wanted = "-".join(arguments.topic).casefold().replace("_", "-")
    for line in page(wanted) if wanted else _contents():
        print(line)
    return Exit.BALANCED


def topics() -> dict[str, str]:
    """What there is a page about, and what each page says, in a few words."""
    return {path.stem: _title(path) for path in sorted(_FOLDER.glob("*.md"))}


def page(topic: str) -> list[str]:
    """The page about a topic, as lines for a terminal.

    Raises:
        ArgumentInvalidError (argument_invalid): there is no such page.
    """
    known = topics()
    if topic not in known:
        raise errors.ArgumentInvalidError(
            f'there is no page about "{topic}": {closest(topic, known)} (a command explains itself: cuadre COMMAND --help)'
        )
    title, *lines = (_FOLDER / f"{topic}.md").read_text(encoding="utf-8").splitlines()
    return [f"{topic.replace('-', ' ').upper()}: {title.lstrip('# ')}", *_rendered(lines)]


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next(lines).strip().lstrip("# ")


def _contents() -> Iterator[str]:
    known = topics()
    width = max(map(len, known))
    yield "cuadre help TOPIC explains one of these:"
    yield from (f"  {topic:<{width}}  {title}" for topic, title in known.items())
    yield "cuadre COMMAND --help says what a command takes."


def _rendered(lines: list[str]) -> Iterator[str]:
    """Markdown as a terminal shows it: capital headings, tables in columns, indented code with its output as comments."""
    from cuadre.cli.help import facts  # it asks every table there is

    fence, table = "", list[str]()
    for line in lines:
        if table and not line.startswith("|"):
            yield from _columns(table)
            table = []
        if line.startswith("```"):
            fence = "" if fence else line[3:]
            if fence and (title := re.search(r'title="([^"]*)"', fence)):
                yield f"    # {title[1]}"
        elif fence:
            yield f"    # {line}".rstrip() if fence == "text" else f"    {line}".rstrip()
        elif line.startswith("|"):
            table.append(line)
        elif made := _FACTS.fullmatch(line):
            yield from (f"    {text}".rstrip() for text in getattr(facts, made[1])())
        else:
            yield line.lstrip("# ").upper() if line.startswith("#") else line.replace("**", "")
    if table:
        yield from _columns(table)


def _columns(table: list[str]) -> Iterator[str]:
    rows = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in table]
    rows = [row for row in rows if not set("".join(row)) <= set("-: ")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for *cells, last in rows:
        head = "    " + "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))
        room = max(30, WIDTH - len(head))
        yield from textwrap.wrap(
            last,
            room + len(head),
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_long_words=False,
            break_on_hyphens=False,
        )
