"""Bytes -> text: UTF-8 first, else what their statistics say (GB18030, Shift-JIS, EUC-KR …)."""

from __future__ import annotations

import codecs
from pathlib import Path

from bot.postings.model import Unreadable

JAPANESE = ("cp932", "euc_jp")
MIN_KANA = 0.1
SAMPLE = 64 * 1024
GUESSED = 4096
"""Bytes that tell the encoding; more would only take longer."""
MIN_LIKENESS = 0.35
MAX_CONTROLS = 0.02
"""Share of control characters from which on something is not text."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES = ("gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1252")
"""Tried in this order; the first of those that read best is taken."""


def encoding_of(sample: bytes) -> str:
    """The encoding of text that begins with *sample*. Raises Unreadable for what is no text."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        found = "utf-8"
    except UnicodeDecodeError:
        found = _guess(sample[:GUESSED])
    text = sample.decode(found, "ignore")
    controls = sum(char < " " and char not in "\t\n\r\f" for char in text)
    if controls > MAX_CONTROLS * max(1, len(text)):
        raise Unreadable("classify.file.binary")
    return found


def display_name(path: Path) -> str:
    """The name of a file; bytes in it that are no text become question marks."""
    return path.name.encode("utf-8", "replace").decode("utf-8")


def _guess(sample: bytes) -> str:
    """The candidate whose text looks most like what people write in it."""
    best = max(CANDIDATES, key=lambda name: _likeness(sample, name))
    if _likeness(sample, best) < MIN_LIKENESS:
        raise Unreadable("classify.file.encoding")
    return best


def _likeness(sample: bytes, name: str) -> float:
    """Share of the characters beyond ASCII that are everyday ones of that encoding.

    Everyday are the first levels of the national sets (GB 2312, Big5, JIS X 0208), kana, and the
    Hangul syllables of KS X 1001. Japanese is not written without kana. A text that breaks off in
    the middle of a character is forgiven.
    """
    decoder = codecs.getincrementaldecoder(name)()
    try:
        text = decoder.decode(sample)
    except UnicodeDecodeError:
        return 0.0
    beyond = [char for char in text if ord(char) > 127]
    if not beyond:
        return 1.0
    likeness = sum(_commonness(char, name) for char in beyond) / len(beyond)
    kana = sum("\u3041" <= char <= "\u30ff" for char in beyond)
    if name in JAPANESE and kana < MIN_KANA * len(beyond):
        likeness *= 0.6
    return likeness


def _commonness(char: str, name: str) -> float:
    if name == "cp1252":
        return 0.6 if char.isalpha() or char in "\u2018\u2019\u201c\u201d\u2013\u2014" else 0.3
    if "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uff5e":
        return 0.8
    if name in JAPANESE:
        kana = "\u3041" <= char <= "\u30ff"
        return 1.0 if kana or _lead(char, "shift_jis", 0x88, 0x98) else 0.0
    if name == "cp949":
        return 1.0 if "\uac00" <= char <= "\ud7a3" and _lead(char, "euc_kr", 0xB0, 0xC8) else 0.0
    if name == "big5":
        return 0.95 if _lead(char, "big5", 0xA4, 0xC6) else 0.0
    return 0.95 if _lead(char, "gb2312", 0xB0, 0xD7) else 0.0


def _lead(char: str, name: str, low: int, high: int) -> bool:
    try:
        raw = char.encode(name)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and low <= raw[0] <= high
