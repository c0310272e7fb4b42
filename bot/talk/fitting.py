"""An outcome -> what the platform can show: buttons or numbers, and texts that are not too long."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from bot import markup
from bot.model import Chat, Reply
from bot.talk.model import Button, Card, Said
from bot.talk.split import size, split
from bot.talk.visit import Option, Outcome, Visit
from bot.texts import say


@dataclass(frozen=True, slots=True)
class Pressable:
    """The secret behind the buttons of one message, and the act of each."""

    token: str
    acts: tuple[str, ...]


def fitted(visit: Visit, outcome: Outcome) -> tuple[Said, Chat, Pressable | None]:
    """(what goes back, the chat with its numbers and what was left over, what may be pressed)."""
    can = visit.can
    language = outcome.language or outcome.chat.language or outcome.chat.speaking
    rows = outcome.options
    if not can.buttons:
        rows = tuple((o,) for row in rows for o in row if not o.quiet)
    options = [option for row in rows for option in row]
    token = secrets.token_urlsafe(12)
    data = {id(option): f"{token}:{i}" for i, option in enumerate(options)}
    buttons = tuple(tuple(Button(o.label, data[id(o)]) for o in row) for row in rows)
    acts = tuple(option.act for option in options)
    card: Card | None = None
    if outcome.card is not None:
        card = replace(outcome.card, data=f"{token}:{len(acts)}")
        acts = (*acts, outcome.card_act)
    texts, rest = _texts(visit, outcome, options, language)
    menu = () if can.buttons or not outcome.blocks else tuple(option.act for option in options)
    if not can.buttons and not options and outcome.notice:
        menu = visit.chat.menu
    chat = replace(outcome.chat, menu=menu, rest=rest)
    said = Said(
        language, outcome.blocks, buttons if can.buttons else (), card, outcome.files,
        outcome.notice, outcome.edits and bool(visit.incoming.press), texts,
    )  # fmt: skip
    return said, chat, Pressable(token, acts) if acts and (can.buttons or card) else None


def _texts(
    visit: Visit, outcome: Outcome, options: list[Option], language: str
) -> tuple[tuple[str, ...], str]:
    """(the reply as plain texts that fit, what is left over)."""
    can = visit.can
    if can.buttons:
        return (), ""
    body = markup.text(Reply(language, outcome.blocks))
    if outcome.notice and outcome.blocks:
        body = f"{outcome.notice}\n\n{body}"
    lines = "\n".join(f"{i}. {option.label}" for i, option in enumerate(options, 1))
    whole = "\n\n".join(filter(None, (body or outcome.notice, lines)))
    if size(whole, can.unit) <= can.limit:
        return ((whole,) if whole else ()), ""
    hint = say(language, "talk.continue.hint")
    room = can.limit - size(f"\n\n{hint}", can.unit)
    pieces, rest = split(body, room - size(f"\n\n{lines}", can.unit), can.unit, can.messages)
    if not pieces:
        return (), rest
    last = "\n\n".join(filter(None, (pieces[-1], hint if rest else "", lines)))
    return (*pieces[:-1], last), rest
