"""mcp."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands.common import OK, Add, check_profile, language, overlay, root
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES


def add(command: Add) -> None:
    """Declare the commands."""
    serving = command("mcp", mcp, "answer another assistant on this machine (MCP over stdio)")
    serving.add_argument("--as", dest="name", metavar="NAME", help="with the rights of that person")
    serving.add_argument("--lang", choices=LANGUAGES, help="language where a call names none")


def mcp(options: argparse.Namespace, config: Config) -> int:
    """Serve tools and resources over standard input and output until the assistant hangs up."""
    from bot import logs
    from bot.app import app_of
    from bot.mcp import stdio
    from bot.mcp.caller import Caller
    from bot.records import LOCAL
    from bot.reload import ContentReloader
    from bot.secrets import address, secrets_in
    from bot.store import NotFound, StoreUnavailable, open_store
    from bot.store.location import database

    logs.start(secrets=secrets_in(database(config)))
    content = ContentReloader(root(options), overlay(config))
    check_profile(config, content.book.base)
    try:
        store = open_store(database(config))
        person = store.people.by_name(options.name) if options.name else LOCAL
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    except NotFound:
        raise BadInput(f"there is nobody called {options.name}; see zhiwen user list") from None
    if person.disabled:
        raise BadInput(f"{options.name} is disabled; see zhiwen user list")
    # Standard output is the assistant's; a relative path goes by the folder it was started in.
    where = address(database(config))
    place = where if "://" in where else Path(where).absolute()
    print(f"zhiwen mcp: runs and people are those of {place}", file=sys.stderr)
    app = app_of(config, store, content)
    try:
        stdio.run(Caller(app, person, language(options, config) or "en"))
    finally:
        app.counts.flush()
        store.close()
    return OK
