"""doctor, forget."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from bot.commands.common import NO, OK, Add, root, store_of, told_in
from bot.config import Config, path_of
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

    spoken = told_in(options, config, "en")
    port = config.port if options.port is None else options.port
    config = replace(config, host=options.host or config.host, port=port)
    failed = False
    file = path_of(options.config)
    for finding in examine(Place(config, root(options), file, _notice)):
        failed |= finding.level == "fail"
        text = say(spoken, f"doctor.{finding.key}", **finding.values)
        print(f"{finding.level:<5} {text}", flush=True)
    return NO if failed else OK


def _notice() -> None:
    print("zhiwen: checking the content, up to half a minute ...", file=sys.stderr, flush=True)


def forget(_: argparse.Namespace, config: Config) -> int:
    """Delete what has been kept long enough, and say how much of what went."""
    with store_of(config, undone="nothing was deleted") as store:
        for table, rows in store.retention.forget_old().items():
            print(f"{table}\t{rows}")
    return OK
