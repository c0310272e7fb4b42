"""Whole conversations, a file each, in ``conversations/``: every turn gets what it should.

A turn has ``say`` and any of ``band``, ``intent``, ``entry``, ``section``, ``language`` (of the
reply), ``contains`` and ``lacks`` (pieces of its text).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.assistant import reply
from bot.model import Chat, Message
from bot.render.text import as_text

FILES = sorted((Path(__file__).parent / "conversations").glob("*.yaml"))
EXPECTED = {"band", "intent", "entry", "section", "language"}
KNOWN = EXPECTED | {"say", "contains", "lacks"}


def turns(path):
    """The turns of one file; a misspelt key would prove nothing, so it is refused."""
    told = yaml.safe_load(path.read_text("utf-8"))
    for turn in told:
        assert set(turn) <= KNOWN, f"{path.name}: {set(turn) - KNOWN}"
        assert len(turn) > 1, f"{path.name}: '{turn['say']}' expects nothing"
    return told


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_conversation_goes_as_written(book, path):
    """Turn by turn, each on what the turns before it left in the chat."""
    chat = Chat()
    for number, turn in enumerate(turns(path), 1):
        outcome = reply(Message(turn["say"]), chat, book)
        chat, answer = outcome.chat, outcome.answer
        got = {
            "band": str(answer.band),
            "intent": answer.intent,
            "entry": answer.entry,
            "section": answer.section,
            "language": outcome.reply.language,
        }
        where = f"{path.name}, turn {number}: {turn['say']}"
        wanted = {key: turn[key] for key in EXPECTED & turn.keys()}
        assert {key: got[key] for key in wanted} == wanted, where
        text = as_text(outcome.reply)
        for piece in turn.get("contains", ()):
            assert piece in text, where
        for piece in turn.get("lacks", ()):
            assert piece not in text, where


def test_conversations_are_there():
    """An empty folder would prove nothing."""
    assert len(FILES) >= 8
