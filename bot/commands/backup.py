"""backup, restore."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from bot.commands.common import OK, Add
from bot.config import Config


def add(command: Add) -> None:
    """Declare the commands."""
    writing = command("backup", backup, "write everything that is kept to one file")
    writing.add_argument("--out", metavar="FILE", help="default: zhiwen-DATE.backup")
    reading = command("restore", restore, "put a backup in the place of the database")
    reading.add_argument("file", metavar="FILE", help="what zhiwen backup has written")
    reading.add_argument("--yes", action="store_true", help="although there is a database already")


def backup(options: argparse.Namespace, config: Config) -> int:
    """Write the database to a file, and say which."""
    from bot.store.backup import backup as write
    from bot.store.location import database

    now = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
    out = Path(options.out or f"zhiwen-{now}.backup")
    write(database(config), out)
    print(out)
    return OK


def restore(options: argparse.Namespace, config: Config) -> int:
    """Put what a file holds in the place of the database."""
    from bot.store.backup import restore as read
    from bot.store.location import database

    read(database(config), Path(options.file), options.yes)
    return OK
