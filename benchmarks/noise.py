"""How understanding holds when the same questions are typed badly, each kind of noise apart.

python benchmarks/noise.py QUESTIONS.jsonl [--seed 1]   (lines as for `zhiwen eval questions`)

Only covered single questions are asked. A point is a question whose right entry comes first or
among three suggestions. The kinds that need Chinese are made from the Chinese questions, the others
from all. Examples settle nothing here, so that a noisy question is not compared with a settled
clean one.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from bot.evaluation.questions import judging, reading
from bot.evaluation.questions.model import Conversation, Place, Verdict, Wanted
from knowledge.engine import sound
from knowledge.engine.base import open_base
from rules.book import open_book

GOOD = (Verdict.RIGHT, Verdict.GUESSED, Verdict.OFFERED)
Spoil = Callable[[str, random.Random], str]
FILLERS = {
    "zh": ("那个，请问一下", "嗯…我想问问", "麻烦问下哈，"),
    "en": ("hi there, quick question: ", "um, so basically ", "sorry to bother you, "),
    "ja": ("あの、すみません、", "ちょっと聞きたいんですが、", "えっと、"),
    "ko": ("저기요, ", "혹시 좀 여쭤볼게요. ", "음… 궁금한데요, "),
}
AFTER = {"zh": "呀，谢谢", "en": " thanks!", "ja": "お願いします", "ko": " 부탁드려요"}


def is_han(char: str) -> bool:
    """Whether *char* is a Chinese character."""
    return "\u4e00" <= char <= "\u9fff"


def homophone(text: str, dice: random.Random) -> str:
    """One character gives way to another of the same sound."""
    places = [i for i, c in enumerate(text) if is_han(c) and len(_same_sound(c)) > 1]
    if not places:
        return text
    at = dice.choice(places)
    return (
        text[:at]
        + dice.choice([c for c in _same_sound(text[at]) if c != text[at]])
        + text[at + 1 :]
    )


@cache
def _same_sound(char: str) -> str:
    """The common characters that are read alike (GB 2312, first level)."""
    syllable = sound.of_char(char)
    if not syllable:
        return char
    return "".join(c for c in _common() if sound.of_char(c) == syllable)


@cache
def _common() -> str:
    rows = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return "".join(row.decode("gb2312", "ignore") for row in rows)


def pinyin(text: str, dice: random.Random) -> str:
    """Two neighbouring characters are typed as their sounds."""
    places = [i for i in range(len(text) - 1) if all(sound.of_char(c) for c in text[i : i + 2])]
    if not places:
        return text
    at = dice.choice(places)
    return text[:at] + "".join(sound.of_char(c) or c for c in text[at : at + 2]) + text[at + 2 :]


def dropped(text: str, dice: random.Random) -> str:
    """One letter is missing."""
    places = [i for i, char in enumerate(text) if char.isalpha()]
    at = dice.choice(places)
    return text[:at] + text[at + 1 :]


def swapped(text: str, dice: random.Random) -> str:
    """Two neighbouring letters have changed places."""
    places = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if not places:
        return text
    at = dice.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def traditional(text: str, dice: random.Random) -> str:
    """Written as in Taiwan, its vocabulary included."""
    import opencc

    return str(opencc.OpenCC("s2twp").convert(text))


def full_width(text: str, dice: random.Random) -> str:
    """Latin letters, digits and signs take the width of a Chinese character."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


KINDS: dict[str, tuple[Spoil, bool]] = {
    "homophone": (homophone, True),
    "pinyin": (pinyin, True),
    "dropped": (dropped, False),
    "swapped": (swapped, False),
    "traditional": (traditional, True),
    "full width": (full_width, False),
}
"""Kind -> how it is made, and whether only of Chinese."""
ROUNDS = 5
"""Times each question is spoilt anew where chance has a say."""


def main() -> None:
    """Print a line a kind: clean, noisy, and the difference, in percent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = [row for row in reading.read([options.file]) if _covered(row)]
    book = open_book(open_base())
    book.teaching = False

    def share(asked: list[Conversation]) -> float:
        good = sum(row.verdict in GOOD for row in judging.run(asked, book))
        return 100 * good / max(1, len(asked))

    print(f"{'kind':14}{'questions':>10}{'clean':>8}{'noisy':>8}{'points':>8}")
    for name, (spoil, chinese) in KINDS.items():
        dice = random.Random(options.seed)
        mine = [row for row in rows if not chinese or row.language == "zh"]
        noisy = [_said(row, spoil(_say(row), dice)) for _ in range(ROUNDS) for row in mine]
        _line(name, len(mine), share(mine), share(noisy))
    dice = random.Random(options.seed)
    filled = [
        _said(row, dice.choice(FILLERS[row.language]) + _say(row) + AFTER[row.language])
        for row in rows
    ]
    _line("filler", len(rows), share(rows), share(filled))


def _covered(row: Conversation) -> bool:
    return row.place(0) is Place.SINGLE and row.turns[0].wanted is not Wanted.DECLINE


def _say(row: Conversation) -> str:
    return row.turns[0].say


def _said(row: Conversation, text: str) -> Conversation:
    return replace(row, turns=(replace(row.turns[0], say=text),))


def _line(name: str, count: int, clean: float, noisy: float) -> None:
    print(f"{name:14}{count:>10}{clean:>8.1f}{noisy:>8.1f}{noisy - clean:>+8.1f}", flush=True)


if __name__ == "__main__":
    main()
