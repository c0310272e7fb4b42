"""What commands share: exit codes, the book, the language, the organization."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bot.config import Config
from bot.errors import BadInput
from knowledge.engine import base as knowledge_base
from knowledge.engine.base import KnowledgeBase
from rules import book as rule_book
from rules.book import RuleBook
from rules.postings import overlay as overlays

OK, NO, MISUSE = 0, 1, 2
Command = Callable[[argparse.Namespace, Config], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]


def root(options: argparse.Namespace) -> Path:
    """The content folder. Raises BadInput where there is none."""
    folder = Path(options.knowledge) if options.knowledge else knowledge_base.ROOT
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder")
    return folder


def book(options: argparse.Namespace, config: Config) -> RuleBook:
    """The rules over the content, compiled on first use. Raises BadInput, ContentError."""
    rules = opened(options, overlay(config))
    check_profile(config, rules.base)
    return rules


def base(options: argparse.Namespace, own: Path | None) -> KnowledgeBase:
    """The content alone, with that overlay. Raises BadInput, ContentError."""
    return knowledge_base.open_base(root(options), _notice, own=overlays.knowledge(own))


def opened(options: argparse.Namespace, own: Path | None) -> RuleBook:
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


def _notice() -> None:
    print("zhiwen: reading the content for the first time, a few seconds ...", file=sys.stderr)


def language(options: argparse.Namespace, config: Config) -> str | None:
    """The language asked for on the command line or configured; None to go by the words."""
    chosen = getattr(options, "lang", None)
    return chosen or (None if config.language == "auto" else config.language)
