"""What commands share: exit codes, the book, the language, the organization."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.atomic_write import atomic_write
from bot.config import Config
from bot.errors import BadInput
from bot.language import of_terminal
from knowledge.engine import base as knowledge_base
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import LANGUAGES
from rules import book as rule_book
from rules.book import RuleBook
from rules.postings import overlay as overlays

if TYPE_CHECKING:
    from bot.store import Store

OK, NO, MISUSE = 0, 1, 2
Command = Callable[[argparse.Namespace, Config], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]


def add_action(
    actions: Any,
    told: Callable[[Command, argparse.Namespace, Config], int],
    name: str,
    run: Command,
    text: str,
    one: bool = True,
) -> argparse.ArgumentParser:
    """Declare an action of a command on what has an id, in the language of its reader.

    *actions*: what `add_subparsers` gave; *told* runs it and says what cannot be done now; *one*:
    whether it is about one of them.
    """
    made: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
    made.set_defaults(run=partial(told, run))
    if one:
        made.add_argument("id", metavar="ID")
    made.add_argument("--lang", choices=LANGUAGES, help="language of the reply")
    return made


def root(options: argparse.Namespace) -> Path:
    """The content folder. Raises BadInput where there is none."""
    folder = Path(options.knowledge) if options.knowledge else knowledge_base.ROOT
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder")
    return folder


def book(options: argparse.Namespace, config: Config) -> RuleBook:
    """The rules over the content, compiled on first use. Raises BadInput, ContentError."""
    rules = open_rules(options, overlay(config))
    check_profile(config, rules.base)
    return rules


def base(options: argparse.Namespace, own: Path | None) -> KnowledgeBase:
    """The content alone, with that overlay. Raises BadInput, ContentError."""
    return knowledge_base.open_base(root(options), _notice, own=overlays.knowledge(own))


def open_rules(options: argparse.Namespace, own: Path | None) -> RuleBook:
    """The rules over the content with that overlay. Raises BadInput, ContentError."""
    return rule_book.open_book(base(options, own), overlay=own)


def check_profile(config: Config, base: KnowledgeBase) -> None:
    """Raises BadInput if the configured organization is not in the content."""
    known = [id_.partition(".")[2].replace("_", "-") for id_ in base.ids("organization")]
    if config.profile and config.profile.replace("_", "-") not in known:
        raise BadInput(
            f"organization: there is no '{config.organization}'; known: none, {', '.join(known)}."
            " One of your own stands in the overlay, in knowledge/organizations"
        )


def overlay(config: Config) -> Path | None:
    """The folder with the organization's own rules, if one is configured. Raises BadInput."""
    if config.overlay is None:
        return None
    folder = Path(config.overlay)
    if not folder.is_dir():
        raise BadInput(
            f"{folder}: there is no such overlay folder; see overlay in the configuration"
        )
    return folder


@contextlib.contextmanager
def store_of(
    config: Config, missing: str = "there is no {}", undone: str = "nothing was written"
) -> Iterator[Store]:
    """The store, closed again. Raises BadInput for what cannot be done in it.

    *missing*: what is said of something that is not there; *undone*: of a command that the
    database ends.
    """
    from bot.store import NotFound, StoreUnavailable, open_store
    from bot.store.location import database

    try:
        store = open_store(database(config))
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    try:
        yield store
    except NotFound as error:
        raise BadInput(missing.format(error)) from None
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used, {undone}: {error}") from None
    finally:
        store.close()


def _notice() -> None:
    print("zhiwen: reading the content for the first time, a few seconds ...", file=sys.stderr)


def language(options: argparse.Namespace, config: Config) -> str | None:
    """The language asked for on the command line or configured; None to go by the words."""
    chosen = getattr(options, "lang", None)
    return chosen or (None if config.language == "auto" else config.language)


def told_in(options: argparse.Namespace, config: Config, otherwise: str = LANGUAGES[0]) -> str:
    """The language of what is told without a question: asked for, configured, or the terminal's."""
    return language(options, config) or of_terminal(os.environ, otherwise)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, then move it there: whole or not at all. Raises OSError."""
    with atomic_write(path) as new:
        new.write_bytes(content)
