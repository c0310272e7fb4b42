"""A posting's text -> text that compares, with the way back to every original position.

Like `knowledge.engine.normal.compact`, but fast: almost every character becomes exactly one
character, so only removed spaces have to be remembered.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from knowledge.engine.normal import Normal, fold, is_latin, normalise

_SPACING = frozenset("-_/\u00b7\u30fb\u200b\ufeff\t\r\u3000\xa0\\|")
_TAG = re.compile(
    r"<(/?)(br|p|li|ul|ol|div|h[1-6]|tr|span|strong|b|em|i|u|a|td|table)\b[^<>]{0,200}>", re.I
)
_ENTITY = re.compile(r"&(nbsp|amp|lt|gt|quot|#\d{1,5}|[a-z]{2,8});", re.IGNORECASE)
_BREAKS = frozenset({"br", "p", "li", "ul", "ol", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_VOICED = "\uff9e", "\uff9f"
"""Half-width marks, which are part of the kana before them."""
_SPACES = re.compile(r" (?:(?<=[^a-z0-9\u00c0-\u024f] ) *| *(?![a-z0-9\u00c0-\u024f ])| +)")
"""Spaces that do not stand alone between two Latin words."""


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A comparable text; ``text[i:j]`` of it is ``span(i, j)`` of what was given."""

    text: str
    cuts: tuple[int, ...] = ()
    """Positions in `text` from which on more has been removed."""
    removed: tuple[int, ...] = ()
    """How much has been removed in all before each of them."""
    exact: Normal | None = None
    """For the rare text whose characters do not map one to one: where each came from."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the given text of the characters from *start* to before *end*."""
        first, last = start, end
        if self.cuts:
            i = bisect_right(self.cuts, start)
            first += self.removed[i - 1] if i else 0
            i = bisect_right(self.cuts, end - 1, i)
            last += self.removed[i - 1] if i else 0
        return self.exact.original(first, last) if self.exact else (first, last)


class _Characters(dict[int, str]):
    """Each character's comparable form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = " " if char in _SPACING else fold(char)
        if folded in _SPACING:
            folded = " "
        value = folded if len(folded) == 1 else char
        if "\ud800" <= char <= "\udfff":  # no UTF-8, which the automaton needs
            value = "\ufffd"
        self[code] = value
        return value


_TABLE = _Characters()


def normalize_text(text: str) -> NormalizedText:
    """*text* without case, width, script variants, markup and spaces that separate no words."""
    if "<" in text:
        text = _TAG.sub(_blank_tag, text)
    if "&" in text:
        text = _ENTITY.sub(lambda m: " " * len(m[0]), text)
    exact = None
    if not is_plain(text):
        exact = normalise(text)
        text = exact.text
    text = text.translate(_TABLE)
    parts: list[str] = []
    cuts: list[int] = []
    removed: list[int] = []
    at = size = gone = 0
    whole = len(text)
    for first, end in [match.span() for match in _SPACES.finditer(text)]:
        between = end - first > 1 and first and end < whole
        start = first + (between and is_latin(text[first - 1]) and is_latin(text[end]))
        parts.append(text[at:start])
        size += start - at
        gone += end - start
        cuts.append(size)
        removed.append(gone)
        at = end
    if not cuts:
        return NormalizedText(text, exact=exact)
    parts.append(text[at:])
    return NormalizedText("".join(parts), tuple(cuts), tuple(removed), exact)


def is_plain(text: str) -> bool:
    """Whether each character of *text* is made comparable by itself."""
    voiced = _VOICED[0] in text or _VOICED[1] in text
    return not voiced and unicodedata.is_normalized("NFC", text)


def beginnings(text: str, at: int) -> tuple[str, ...] | None:
    """What a phrase begins with that stands at *at* once *text* is made comparable: its first two
    characters, with a space between or without, or the one that it has.

    None where markup or characters of several parts may stand there.
    """
    if "<" in text or "&" in text or not is_plain(text):
        return None
    rest = text[at:].translate(_TABLE)
    return rest[:1], rest[:2], rest[:1] + rest[1:].lstrip(" ")[:1]


def pattern_of(source: str) -> str:
    """A regular expression written in any script variant, for use on normalized text."""
    return "".join(char if char.isascii() else _TABLE[ord(char)] for char in source)


def _blank_tag(match: re.Match[str]) -> str:
    """As many spaces, the first a line break where the tag breaks the line."""
    size = len(match[0])
    return ("\n" if match[2].lower() in _BREAKS else " ") + " " * (size - 1)


_SCRIPTS = tuple(map(re.compile, ("[\uac00-\ud7af]+", "[\u3041-\u30fa]+", "[\u3400-\u9fff]+")))
_WORDS = re.compile(r"[A-Za-z]+")
_JAPANESE = re.compile(
    "[\u7d4c\u55b6\u58f2\u5e83\u7dcf\u4fa1\u5b9f\u5bfe\u56f3\u691c\u6a29\u6e08\u69d8"
    "\u5358\u50cd\u8fbc\u99c5\u5e30\u6c17\u62e1\u770c\u6226\u7d9a\u8aad\u9332\u5909"
    "\u6b69\u6bce\u8fba\u52b4\u697d\u85ac\u8a33\u4e57\u629e\u6ca2\u6255\u6d5c\u5fdc]"
)
"""Characters that are written so in Japanese alone."""


def language_of(text: str) -> str:
    """zh, en, ja or ko by which script most of the first 300 characters are written in."""
    text = unicodedata.normalize("NFKC", text[:300])
    hangul, kana, han = (sum(map(len, runs.findall(text))) for runs in _SCRIPTS)
    latin = len(_WORDS.findall(text))
    if hangul * 2 >= max(han, latin) and hangul:
        return "ko"
    if kana * 8 >= han and kana * 2 >= latin and kana:
        return "ja"
    if han and not hangul and _JAPANESE.search(text):
        return "ja"
    return "zh" if han * 2 >= latin and han else "en"
