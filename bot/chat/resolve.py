"""A press, a file, a command, a number or awaited words -> the Action that is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import commands, correction_words
from bot.chat.commands import COMMANDS
from bot.chat.model import Capability, Incoming
from bot.model import Action, Chat
from knowledge.engine.normal import clean

MAX_TEXT = 20_000
GONE = Action("", "gone")


@dataclass(frozen=True, slots=True)
class Pressable:
    """What stands behind the identity of a reply's actions: where it counts, and what they do."""

    chat: str
    actions: tuple[Action, ...]
    message: str | None = None
    """The message of the platform below which they stand, once that is known."""
    kept: int | None = None
    """The number under which the reply is kept, if it is."""


def resolve(
    incoming: Incoming, chat: Chat, can: Capability, pressable: Pressable | None
) -> tuple[Action | None, str]:
    """(what is to be done, the words that are to be answered where nothing is).

    *pressable*: what the identity that was pressed stands for, if the person may press it.
    """
    if incoming.press:
        return _press_action(incoming, can, pressable), ""
    if incoming.file is not None:
        return Action("", "file"), ""
    text = clean(incoming.text)[:MAX_TEXT].strip()
    slashed = can.slashes and commands.looks_like_one(text)
    if not (can.words or slashed):
        return correction_words.parse_correction(text, chat) or _menu_action(text, chat), text
    if (command := commands.parse(text)) and commands.is_known(command[0], can.channel):
        return _command_action(*command)
    if slashed:
        return Action("", "unknown", (text.split()[0][:40],)), ""
    if chat.awaiting:
        return Action("", chat.awaiting.kind, (*chat.awaiting.arguments, text)), ""
    return correction_words.parse_correction(text, chat) or _menu_action(text, chat), text


def _command_action(name: str, words: str) -> tuple[Action | None, str]:
    if name == "ask" and words:
        return None, words
    if name == "start":
        name = "help"
    return Action("", name, (words,) if words and COMMANDS[name].takes_words else ()), ""


def _menu_action(text: str, chat: Chat) -> Action | None:
    """What a number stands for, if the message is nothing but a number."""
    number = text.rstrip(".")
    if not chat.menu or not number.isdecimal() or len(number) > 2:
        return None
    if 1 <= int(number) <= len(chat.menu):
        return chat.menu[int(number) - 1]
    return Action("", "no_choice", (number, str(len(chat.menu))))


def _press_action(incoming: Incoming, can: Capability, pressable: Pressable | None) -> Action:
    """What was pressed; only where it stands, and for whom it was made."""
    _, _, number = incoming.press.partition(":")
    if not number.isdecimal():  # an item of a menu of the platform: a word and no identity
        command = commands.parse(incoming.press) or commands.parse(f"/{incoming.press}")
        return (_command_action(*command)[0] if command else None) or GONE
    if (
        pressable is None
        or not _same_chat(can, pressable.chat, incoming.chat)
        or (incoming.message and pressable.message not in (None, incoming.message))
        or len(number) > 3
        or int(number) >= len(pressable.actions)
    ):
        return GONE
    return pressable.actions[int(number)]


def _same_chat(can: Capability, before: str, now: str) -> bool:
    """Whether a chat is the one that it was; its name may have been spelled otherwise then."""
    return before.lower() == now.lower() if can.any_case else before == now
