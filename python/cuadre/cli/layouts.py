"""``cuadre layouts``: the layouts that come with it, and any other one."""

from __future__ import annotations

import argparse
from typing import Any

from cuadre import errors, settlement
from cuadre.cli.arguments import add_command
from cuadre.cli.exits import Exit
from cuadre.cli.output import print_json
from cuadre.settlement import Layout


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "layouts",
        run,
        "Lists the layouts, or shows one: what it declares, and how well it is known.",
        "  cuadre layouts\n  cuadre layouts show asobancaria-2001-recaudo\n  cuadre layouts show mi-banco.toml",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a layout's name, or a .toml file")


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "list":
        all_of_them = [Layout.load(name) for name in settlement.layouts()]
        if arguments.json:
            print_json([_layout_json(layout) for layout in all_of_them])
        else:
            width = max(len(layout.name) for layout in all_of_them)
            for layout in all_of_them:
                print(f"{layout.name:<{width}}  {layout.status:<10}  {layout.title}")
        return Exit.BALANCED
    if not arguments.name:
        raise errors.ArgumentInvalidError("cuadre layouts show needs a name; cuadre layouts lists them")
    layout = Layout.load(arguments.name)
    if arguments.json:
        print_json({**_layout_json(layout), "declaration": layout.to_dict()})
        return Exit.BALANCED
    print(
        f"{layout.name}: {layout.title}\n{'status':>8}: {layout.status or 'your own'}\n{'source':>8}: {layout.source or layout.file}"
    )
    if layout.notes:
        print("   notes: " + layout.notes.replace("\n", "\n          "))
    print("\n" + layout.toml.strip())
    return Exit.BALANCED


def _layout_json(layout: Layout) -> dict[str, Any]:
    return {name: getattr(layout, name) for name in ("name", "title", "kind", "status", "source", "notes", "key")}
