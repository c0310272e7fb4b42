"""A short word of talk: yes, no, bye, are you a person."""

from __future__ import annotations

from rules.questions.model import Answer, Band
from rules.questions.signs import Turn

BETWEEN = ("lead_ins", "tails", "corrections")


def talk(turn: Turn) -> Answer | None:
    """The intent whose words are the whole message, beside words that only lead on."""
    text = turn.original.normal.text
    spans = [
        (f.start, f.end, f.phrase.value, f.phrase.kind)
        for f in turn.book.find(text)
        if f.phrase.kind == "alone" or (f.phrase.kind == "turn" and f.phrase.value in BETWEEN)
    ]
    alone = [span for span in spans if span[3] == "alone"]
    if (
        turn.has("shorter")
        or not alone
        or not _cover(text, [(start, end) for start, end, *_ in spans])
    ):
        return None
    last = max(alone, key=lambda span: (span[1] - span[0], span[0]))
    if last[2] == "refuse" and turn.before.focus:
        return None
    return Answer(Band.ANSWER, last[2], None, "", 1.0)


def _cover(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether every letter and digit lies in one of the spans."""
    inside = bytearray(len(text))
    for start, end in spans:
        inside[start:end] = b"\1" * (end - start)
    return all(inside[i] or not char.isalnum() for i, char in enumerate(text))
