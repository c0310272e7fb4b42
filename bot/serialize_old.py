"""Rows as older releases kept them, brought to the form of today; plain data in, plain data out."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def chat_of_today(value: Any) -> Any:
    """A chat: before version 2 it held a ``topic``, before version 3 its acts were words."""
    if not isinstance(value, dict):
        return value
    state = dict(value)
    if "version" not in state and isinstance(topic := state.pop("topic", None), dict):
        state["conversation"] = _conversation(topic)
    menu = state.get("menu")
    if isinstance(menu, list):
        state["menu"] = [action_of(one) if isinstance(one, str) else one for one in menu]
    if isinstance(awaiting := state.get("awaiting"), str):
        state["awaiting"] = _action_of_state(awaiting)
    return state


def _conversation(topic: Row) -> Row:
    """What a conversation was before it had things in focus."""
    entry = topic.get("entry")
    told = [entry] if entry else []
    kept: Row = {name: topic[name] for name in ("intent", "section", "offers") if name in topic}
    return {"focus": [[one, 1.0] for one in told], "told": told, **kept}


def _action_of_state(word: str) -> Row | None:
    """What the next message was for: "reason <run> <page> <item>"."""
    if not word:
        return None
    action = action_of(word)
    return action | {"kind": f"{action['kind']}_is"}


def action_of(act: str) -> Row:
    """An act was a word and its arguments, in one text; its label was not kept."""
    kind, *arguments = act.split(" ")
    return {"label": "", "kind": kind, "arguments": arguments}


def pressable_of_today(value: Any) -> Any:
    """The acts behind the buttons of one message."""
    if not isinstance(value, dict) or "acts" not in value:
        return value
    acts = value["acts"] if isinstance(value["acts"], list) else []
    actions = [action_of(one) for one in acts if isinstance(one, str)]
    return {key: item for key, item in value.items() if key != "acts"} | {"actions": actions}


def outbox_of_today(value: Any) -> Any:
    """A reply on its way, which was called ``said``; its buttons were pairs."""
    if not isinstance(value, dict) or not isinstance(said := value.get("said"), dict):
        return value
    message = dict(said)
    rows = said.get("buttons")
    if isinstance(rows, list):
        message["buttons"] = [
            [dict(zip(("label", "data"), pair, strict=False)) for pair in row] for row in rows
        ]
    card = said.get("card")
    if isinstance(card, dict):
        message["card_data"] = card.get("data", "")
        message["card"] = card | {"submit": {"label": card.get("submit", ""), "kind": "vote"}}
    return {
        "message": message, "chat": value.get("chat"), "pressed": value.get("message", ""),
        "parts": value.get("parts", 0),
    }  # fmt: skip
