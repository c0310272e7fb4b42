"""A checklist page -> WeCom's card with boxes, and back from what was pressed."""

from __future__ import annotations

from typing import Any

from bot.model import Box, Card

MOST = 20
"""Boxes of one card."""
LABEL, BUTTON, TITLE, SUBTITLE = 11, 10, 36, 44
"""Characters that phones show; the whole text of an item stands in the message above the card."""
QUESTION = "items"


def fits(card: Card) -> bool:
    """Whether one card can show the page.

    If not, none does: the items that it left out would count as not checked.
    """
    return 0 < len(card.boxes) <= MOST


def draw(card: Card, data: str) -> dict[str, Any]:
    """The card as WeCom takes it, each with a task id of its own.

    *data*: the identity of what is done when it is sent off.
    """
    return draw_changed(card, data) | {"task_id": task_of(data)}


def draw_changed(card: Card, data: str, notice: str = "") -> dict[str, Any]:
    """The same in the place of a card that was pressed; that keeps its task id."""
    below = " ".join(filter(None, (notice, card.subtitle)))
    return {
        "card_type": "vote_interaction",
        "main_title": {"title": short(card.title, TITLE), "desc": short(below, SUBTITLE)},
        "checkbox": {
            "question_key": QUESTION,
            "mode": 1,
            "option_list": [
                {"id": box.key, "text": _label(box), "is_checked": box.done} for box in card.boxes
            ],
        },
        "submit_button": {"text": short(card.submit.label, BUTTON), "key": data},
    }


def task_of(data: str) -> str:
    """The task id for what is behind a card: a colon may not stand in one."""
    return data.replace(":", "@")


def data_of(key: str, task: str) -> str:
    """What is behind the card that was pressed."""
    return key if ":" in key else task.replace("@", ":")


def short(text: str, most: int) -> str:
    """The text, cut off visibly where it is too long."""
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


def _label(box: Box) -> str:
    return short(f"{box.number}.{box.text}", LABEL)
