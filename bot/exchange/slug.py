"""A short ASCII name for a question: its Latin words, pinyin, kana and Hangul spelt out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from knowledge.engine import sound
from knowledge.engine.normal import fold, question_key

LONGEST = 40
"""An id may have 80 characters where it is kept."""
_SCRIPTS = re.compile(r"(?:HIRAGANA|KATAKANA) LETTER (?:SMALL )?(\w+)|HANGUL SYLLABLE (\w+)")


def slug(text: str) -> str:
    """A name of small letters, digits and underscores; the same text always gives the same.

    What had to be cut, or cannot be spelt, gets a piece of the text's hash, so that it stays apart.
    """
    words, whole = list(_words(text)), True
    short = ""
    for word in words:
        if len(short) + len(word) >= LONGEST:
            whole = False
            break
        short = f"{short}_{word}" if short else word
    if not short:
        return f"q_{digest(text)}"
    return short if whole else f"{short}_{digest(text)}"


def digest(text: str) -> str:
    """Six characters that stand for *text*, however it is spelt."""
    return hashlib.sha256(question_key(text).encode("utf-8")).hexdigest()[:6]


def _words(text: str) -> Iterator[str]:
    run = ""
    for char in fold(text):
        base = unicodedata.normalize("NFKD", char)[0]
        word = "" if char.isascii() else sound.of_char(char) or _spelling(char)
        if not word and base.isascii() and base.isalnum():
            run += base
        elif run and not unicodedata.combining(char):
            yield run
            run = ""
        if word:
            yield word
    if run:
        yield run


def _spelling(char: str) -> str:
    found = _SCRIPTS.match("" if char.isascii() else unicodedata.name(char, ""))
    return (found[1] or found[2]).lower() if found else ""
