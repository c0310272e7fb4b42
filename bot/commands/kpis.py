"""kpis: the metrics of a role as rows to paste."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands.common import OK, Add, book, told_in, write_whole
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import LANGUAGES, Role
from knowledge.engine.normal import compact


def add(command: Add) -> None:
    """Declare the command."""
    rows = command("kpis", kpis, "a role's metrics as rows to paste into a table")
    rows.add_argument("role", help="an id such as role.sales, or the name of a role")
    rows.add_argument("--out", metavar="FILE", help="a .csv or .xlsx to write")
    rows.add_argument("--lang", choices=LANGUAGES, help="language of the rows")


def kpis(options: argparse.Namespace, config: Config) -> int:
    """The rows on the screen, or in a file that is written whole or not at all; what among them is
    kept for some roles is named, since whoever reads this terminal sees everything. Raises
    BadInput."""
    from bot.exchange.kpis import FORMATS
    from bot.views.kpis import rows

    base, spoken = book(options, config).base, told_in(options, config)
    role = _role(options.role, base, spoken)
    for id_ in (id_ for id_ in (role.id, *role.metrics) if base.entry(id_).restricted_to):
        print(f"{id_}: kept for some roles; the rows do not say so", file=sys.stderr)
    if options.out is None:
        return _print(role, base, spoken, config)
    path = Path(options.out)
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise BadInput(f"{path}: the ending says no format; name a file that ends in .csv or .xlsx")
    write_whole(path, FORMATS[form][0](role, base, spoken))
    print(f"wrote {path}: {len(rows(role, base, spoken))} row(s)", file=sys.stderr)
    return OK


def _print(role: Role, base: KnowledgeBase, spoken: str, config: Config) -> int:
    from bot.channels import console
    from bot.model import Heading, Reply
    from bot.render.text import as_text
    from bot.views.kpis import blocks

    reply = Reply(spoken, (Heading(role.title, entry=role.id), *blocks(role, base, spoken)))
    print(as_text(reply, console.width(), console.colour(config)))
    return OK


def _role(named: str, base: KnowledgeBase, spoken: str) -> Role:
    """The role with that id or name. Raises BadInput."""
    known = {id_ for id_ in base.ids("role") if base.entry(id_).status == "active"}
    wanted = compact(named).text
    names = {name.text: name.entry for name in base.names if name.entry in known}
    for id_ in (named, f"role.{named}", names.get(wanted)):
        if id_ in known:
            role = base.entry(id_, base.told_in(id_, spoken))
            assert isinstance(role, Role)
            return role
    from rapidfuzz import process

    near = [match for match, _, _ in process.extract(f"role.{named}", known, limit=3)]
    raise BadInput(f"there is no role '{named}'; near: {', '.join(near)}")
