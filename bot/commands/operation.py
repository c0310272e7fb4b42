"""doctor, forget."""

from __future__ import annotations

import argparse
from dataclasses import replace

from bot.commands.common import NO, OK, Add, language, root
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES


def add(command: Add) -> None:
    """Declare the commands."""
    looking = command("doctor", doctor, "check this installation, and say what to do")
    looking.add_argument("--host", help="address to listen on (default: as configured)")
    looking.add_argument("--port", type=int, help="port to listen on (default: as configured)")
    looking.add_argument("--lang", choices=LANGUAGES, help="language of what is written")
    command("forget", forget, "delete now what has been kept long enough")


def doctor(options: argparse.Namespace, config: Config) -> int:
    """A line for every check: ok, warn or fail; what to do stands behind."""
    from bot.doctor import Place, examine
    from bot.texts import say

    spoken = language(options, config) or "en"
    port = config.port if options.port is None else options.port
    config = replace(config, host=options.host or config.host, port=port)
    failed = False
    for finding in examine(Place(config, root(options))):
        failed |= finding.level == "fail"
        told = say(spoken, f"doctor.{finding.key}", **finding.values)
        print(f"{finding.level:<5} {told}")
    return NO if failed else OK


def forget(_: argparse.Namespace, config: Config) -> int:
    """Delete what has been kept long enough, and say how much of what went."""
    from bot.store import Busy, open_store
    from bot.store.location import database

    try:
        store = open_store(database(config))
    except Busy as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    try:
        for table, rows in store.keeping.forget_old().items():
            print(f"{table}\t{rows}")
    except Busy as error:
        raise BadInput(f"the database cannot be used, nothing was deleted: {error}") from None
    finally:
        store.close()
    return OK
