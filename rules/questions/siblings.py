"""The first half of a name that stands for the whole: "user, then?" after content operations."""

from __future__ import annotations

from rules.questions.signs import CLOSINGS, Turn
from rules.questions.utterance import read

ENDING = 2
"""Han characters at the end of a name that names of its kind have in common."""
MOST = 3
"""Words that can be such a half."""


def sibling(turn: Turn) -> str:
    """The entry of the kind told last whose name begins with the message and ends like that one's.

    "" where there is none, or where the message itself names one of that kind.
    """
    last = turn.before.entry
    if last is None:
        return ""
    kind = last.partition(".")[0]
    if any(id_.startswith(f"{kind}.") for id_ in turn.named_entries):
        return ""
    half = _core_text(turn)
    title = turn.book.base.entry(last, turn.utterance.language).title
    if not half or len(half.split()) > MOST or half.casefold() == title.casefold():
        return ""
    whole = read(half + _ending(title), turn.book, turn.utterance.language, exact=True)
    for mention in whole.mentions:
        covers = mention.end - mention.start == len(whole.normal.text)
        if covers and mention.entry.startswith(f"{kind}.") and mention.entry != last:
            return mention.entry
    return ""


def _core_text(turn: Turn) -> str:
    """The message without what opens, closes or merely carries it on."""
    text = turn.utterance.normal.text.strip("?!.\u3002\uff1f\uff01\u3001 ")
    ends = [s for s in turn.signs if s.group in (*CLOSINGS, "what_about") and s.end >= len(text)]
    return text[: min((s.start for s in ends), default=len(text))].strip()


def _ending(title: str) -> str:
    """What names of a kind end in: the last word, or the last two characters of one word."""
    if " " in title:
        return f" {title.rpartition(' ')[2]}"
    return title[-ENDING:]
