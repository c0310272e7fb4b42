"""Text -> the token streams that are indexed: words, grams, pairs, pieces and sounds.

Chinese goes in as jieba words and as character bigrams, because each finds what the other misses
(measured in benchmarks/); Japanese and Korean as bigrams; English as stems, neighbouring pairs and
pieces of words, which forgive a typing slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from operator import add

from knowledge.engine import sound
from knowledge.engine.words import Words

_RUN = re.compile(
    r"(?P<latin>[a-z0-9\u00c0-\u024f]+(?:[.'][a-z0-9]+)*[+#]*)"
    r"|(?P<han>[\u3005\u3007\u3400-\u9fff\uf900-\ufaff]+)"
    r"|(?P<katakana>[\u30a1-\u30ff]+)"
    r"|(?P<hiragana>[\u3041-\u309f]+)"
    r"|(?P<hangul>[\uac00-\ud7af]+)"
)
_UNSPACED = re.compile(r"[\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
PIECES = (3, 4, 5)
HANGUL_STEM = 2
"""Particles follow the root of a Korean word, so its first two syllables stand for it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place in the normalised text."""

    text: str
    start: int
    end: int
    script: str


def words_of(text: str, words: Words, gaps: frozenset[int] = frozenset()) -> Iterator[Token]:
    """The words of a normalised text, in order; English ones stemmed.

    *words*: cuts Chinese. *gaps*: where a space was before, for Korean, which sets off its words
    with spaces.
    """
    for run in _RUN.finditer(text):
        script = str(run.lastgroup)
        piece, at = run[0], run.start()
        if script == "han":
            for word in words.cut(piece):
                yield Token(word, at, at + len(word), script)
                at += len(word)
        elif script == "latin":
            yield Token(stem(piece), at, run.end(), script)
        elif script == "hangul":
            edges = [at, *sorted(gap for gap in gaps if at < gap < run.end()), run.end()]
            for start, end in pairwise(edges):
                yield Token(text[start:end][:HANGUL_STEM], start, end, script)
        elif script == "katakana":
            yield Token(piece, at, run.end(), script)


def grams_of(text: str) -> Iterator[str]:
    """Single characters and bigrams of scripts that are written without spaces."""
    for piece in _UNSPACED.findall(text):
        yield from chain.from_iterable(zip(piece, map(add, piece, piece[1:]), strict=False))
        yield piece[-1]


@dataclass(frozen=True, slots=True)
class Streams:
    """The token streams of one text, one for each field of the index."""

    word: tuple[str, ...]
    gram: tuple[str, ...]
    pair: tuple[str, ...]
    piece: tuple[str, ...]
    sound: tuple[str, ...]


OFTEN = 4
"""A token that a question says more often than this is padding."""


def damped_count(said: int) -> int:
    """How often a token counts that a question says so often: padding counts once."""
    return said if said <= OFTEN else 1


def streams(text: str, words: Words) -> Streams:
    """All token streams of a normalised text."""
    tokens = tuple(words_of(text, words))
    latin = [text[token.start : token.end] for token in tokens if token.script == "latin"]
    sounds = _sounds(text)
    word = tuple(token.text for token in tokens)
    return Streams(
        word=word,
        gram=(*grams_of(text), *latin),
        pair=tuple(f"{a}_{b}" for a, b in pairwise(word)),
        piece=tuple(piece for part in latin for piece in _pieces(part)),
        sound=(*sounds, *(f"{a}_{b}" for a, b in pairwise(sounds))),
    )


def join_streams(lines: Iterable[Streams]) -> Streams:
    """The streams of a text of these lines, without cutting it again."""
    lines = tuple(lines)
    word = tuple(chain.from_iterable(line.word for line in lines))
    # Of sounds the single ones come first, then a pair for each but the last.
    sounds = [sound for line in lines for sound in line.sound[: (len(line.sound) + 1) // 2]]
    return Streams(
        word=word,
        gram=tuple(chain.from_iterable(line.gram for line in lines)),
        pair=tuple(f"{a}_{b}" for a, b in pairwise(word)),
        piece=tuple(chain.from_iterable(line.piece for line in lines)),
        sound=(*sounds, *(f"{a}_{b}" for a, b in pairwise(sounds))),
    )


@lru_cache(maxsize=16_384)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f"_{word}_"
    return tuple(
        padded[i : i + size] for size in PIECES for i in range(max(1, len(padded) - size + 1))
    )


def _sounds(text: str) -> tuple[str, ...]:
    result: list[str] = []
    for run in _RUN.finditer(text):
        if run.lastgroup == "han":
            result += filter(None, map(sound.of_char, run[0]))
        elif run.lastgroup == "latin":
            result += sound.split(run[0])
    return tuple(result)


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The stem of an English word (Snowball's English stemmer)."""
    return str(_stemmer().stemWord(word)) if word.isalpha() else word


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import Stemmer

    return Stemmer.Stemmer("english")
