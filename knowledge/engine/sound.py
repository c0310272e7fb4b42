"""How Chinese sounds: characters to syllables, and typed pinyin back to syllables.

Homophones are how Chinese typos happen (私欲流量 for 私域流量), and a half-converted input line
leaves pinyin in the text (siyu流量).
"""

from __future__ import annotations

from functools import cache, lru_cache

from knowledge.engine.normal import TABLES

LONGEST_SYLLABLE = 6
LONGEST_RUN = 6 * LONGEST_SYLLABLE
"""Letters; nobody types more pinyin than that in one run."""


@cache
def _syllables() -> dict[str, str]:
    table = {}
    for line in (TABLES / "syllables.txt").read_text(encoding="utf-8").splitlines():
        syllable, _, chars = line.partition(" ")
        table.update(dict.fromkeys(chars, syllable))
    return table


@cache
def _known_syllables() -> frozenset[str]:
    return frozenset(_syllables().values())


def of_char(char: str) -> str | None:
    """The usual syllable of a Han character, without tone; None for anything else."""
    return _syllables().get(char)


@lru_cache(maxsize=16_384)
def split(letters: str) -> tuple[str, ...]:
    """*letters* as the fewest pinyin syllables that spell it; empty if none do."""
    if len(letters) > LONGEST_RUN:
        return ()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for i in range(len(letters)):
        sofar = best[i]
        if sofar is None:
            continue
        for size in range(1, min(LONGEST_SYLLABLE, len(letters) - i) + 1):
            piece = letters[i : i + size]
            here = best[i + size]
            if piece in _known_syllables() and (here is None or len(here) > len(sofar) + 1):
                best[i + size] = (*sofar, piece)
    return best[-1] or ()


def codes(text: str) -> str:
    """*text* with one private-use character for each syllable, so that strings can be compared."""
    table = _codes()
    return "".join(table.get(_syllables().get(char, ""), char) for char in text)


@cache
def _codes() -> dict[str, str]:
    return {syllable: chr(0xE000 + i) for i, syllable in enumerate(sorted(_known_syllables()))}


def code_of(syllables: tuple[str, ...]) -> str:
    """The private-use characters of these syllables, as `codes` writes them."""
    return "".join(_codes()[syllable] for syllable in syllables)
