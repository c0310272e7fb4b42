"""The digest of a day: what is late or due of one person, as text that fits where it goes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from bot.runs.duties import Duty
from bot.texts import say


def subject(found: Sequence[Duty], language: str) -> str:
    """How many items are late or due."""
    late = sum(duty.line.late for duty in found)
    return say(language, "remind.subject", count=len(found), late=late)


def text(
    found: Sequence[Duty],
    today: datetime.date,
    language: str,
    most: int = 0,
    in_bytes: bool = False,
    url: str = "",
) -> str:
    """The whole digest; what is beyond *most* characters or bytes is counted and not told.

    *url*: where the server is reached, for the addresses of the runs.
    """
    head, end = subject(found, language), say(language, "remind.off")
    lines: list[str] = []
    for duty in found:
        line = _line(duty, today, language, url)
        left = say(language, "remind.more", count=len(found) - len(lines))
        whole = "\n".join([head, "", *lines, line, left, "", end])
        size = len(whole.encode()) if in_bytes else len(whole.encode("utf-16-le")) // 2
        if most and size > most:
            lines.append(left)
            break
        lines.append(line)
    return "\n".join([head, "", *lines, "", end])


def _line(duty: Duty, today: datetime.date, language: str, url: str) -> str:
    days = (today - duty.due).days
    key = "late" if days > 0 else "today" if days == 0 else "due"
    when = say(language, f"remind.{key}", date=duty.due.isoformat(), days=days)
    line = say(
        language, "remind.line", when=when, item=duty.line.item.text, run=duty.view.run.title
    )
    return f"{line}\n  {url.rstrip('/')}/checklists/{duty.view.run.id}?show=mine" if url else line
