"""One normalisation for everything that is compared, and the way back to the original text.

NFKC, case, and one form for simplified, traditional and Japanese variants of a Han character.
The result is for matching only and never shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Normal:
    """A text made comparable; character i was ``original[starts[i]:ends[i]]``."""

    text: str
    starts: tuple[int, ...]
    """One longer than the text: the last is the original's length."""
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that ``text[start:end]`` came from."""
        first = self.starts[start]
        return first, self.ends[end - 1] if start < end else first

    def gaps(self) -> frozenset[int]:
        """Places before which characters of the original were left out: spaces, quotes."""
        rows = range(1, len(self.text))
        return frozenset(i for i in rows if self.starts[i] > self.ends[i - 1])


@cache
def _folds() -> dict[str, str]:
    table = {}
    for line in (TABLES / "fold.txt").read_text(encoding="utf-8").splitlines():
        table.update(dict.fromkeys(line[1:], line[0]))
    return table


def fold(text: str) -> str:
    """*text* made comparable, when nobody needs the way back."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return text if text.isascii() else text.translate(_translation())


@cache
def _translation() -> dict[int, str]:
    return {ord(variant): char for variant, char in _folds().items()}


def normalise(text: str) -> Normal:
    """*text* made comparable as `fold` does, with the original position of every character."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i, length = 0, len(text)
    while i < length:
        j = i + 1
        while j < length and _joins(text[i:j], text[j]):
            j += 1
        piece = _piece(text[i:j])
        out.append(piece)
        starts += [i] * len(piece)
        ends += [j] * len(piece)
        i = j
    return Normal("".join(out), (*starts, length), tuple(ends))


def _joins(cluster: str, char: str) -> bool:
    """Whether NFKC may reorder *char* or compose it with what stands before it."""
    if char < "\u0300" or "\u3400" <= char <= "\u9fff":  # Latin and Han never do
        return False
    if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]):
        return True
    apart = unicodedata.normalize("NFKC", cluster) + unicodedata.normalize("NFKC", char)
    return unicodedata.normalize("NFKC", cluster + char) != apart


@lru_cache(maxsize=65_536)
def _piece(cluster: str) -> str:
    return fold(cluster)


_DROPPED = frozenset("\"'“”‘’「」『』《》〈〉()[]【】<>*`~")
_SPACING = frozenset("-_·・/")
_LATIN_WORDS = re.compile("[a-z0-9]+(?: [a-z0-9]+)*")


def clean(text: str) -> str:
    """*text* without lone surrogates, which come from bytes that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def compact_text(text: str) -> str:
    """The text that `compact` gives, for those who need no way back: much faster."""
    folded = fold(text)
    if not (folded.isalnum() or _LATIN_WORDS.fullmatch(folded)):
        folded = _strip_folded(folded)
    return compact(text).text if _spellings()[0].search(folded) else folded


def _strip_folded(folded: str) -> str:
    """A folded text as `compact` leaves it, but for words of a chat."""
    kept: list[str] = []
    for char in folded:
        if char in _DROPPED:
            continue
        if char.isspace() or char in _SPACING:
            if kept and kept[-1] != " ":
                kept.append(" ")
            continue
        if len(kept) > 1 and kept[-1] == " " and not (is_latin(char) and is_latin(kept[-2])):
            kept.pop()
        kept.append(char)
    if kept and kept[-1] == " ":
        kept.pop()
    return "".join(kept)


@lru_cache(maxsize=64)
def compact(text: str) -> Normal:
    """*text* normalised for finding names: no quotes, no spaces except between Latin words."""
    full = normalise(text)
    kept: list[tuple[str, int, int]] = []
    for char, start, end in zip(full.text, full.starts, full.ends, strict=False):
        if char in _DROPPED:
            continue
        if char.isspace() or char in _SPACING:
            if kept and kept[-1][0] != " ":
                kept.append((" ", start, end))
            continue
        if len(kept) > 1 and kept[-1][0] == " " and not (is_latin(char) and is_latin(kept[-2][0])):
            kept.pop()
        kept.append((char, start, end))
    if kept and kept[-1][0] == " ":
        kept.pop()
    kept = _respell(kept)
    return Normal(
        "".join(char for char, _, _ in kept),
        (*(start for _, start, _ in kept), len(text)),
        tuple(end for _, _, end in kept),
    )


def _respell(kept: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The characters with words of a chat written as everybody writes them: wat, 咋, 어케."""
    pattern, words = _spellings()
    text = "".join(char for char, _, _ in kept)
    result: list[tuple[str, int, int]] = []
    at = 0
    for match in pattern.finditer(text):
        begin, end = match.span()
        span = (kept[begin][1], kept[end - 1][2])
        result += kept[at:begin]
        result += [(char, *span) for char in words[match[0]]]
        at = end
    return [*result, *kept[at:]] if at else kept


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the ways in which people write a word in a chat, and the word for each.

    Each line of ``spellings.txt`` is a word and its other spellings; Latin ones are whole words.
    """
    words = {}
    for line in (TABLES / "spellings.txt").read_text(encoding="utf-8").splitlines():
        usual, *others = (word.replace("_", " ") for word in line.split())
        words.update({fold(other): fold(usual) for other in others})
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    rest = "|".join(
        re.escape(word) for word in sorted(words, key=len, reverse=True) if not word.isascii()
    )
    return re.compile(rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|{rest}"), words


def is_latin(char: str) -> bool:
    """Whether the character belongs to a word that spaces set off (a Latin letter or a digit)."""
    return char < "\u0250" and char.isalnum()


@lru_cache(maxsize=1_024)
def question_key(question: str) -> str:
    """What two spellings of the same question have in common."""
    return "".join(char for char in compact_text(question) if char.isalnum() or char == "+")
