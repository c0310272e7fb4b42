"""Names that are not spelt as they should be: by sound and by their initials (see also `slips`)."""

from __future__ import annotations

import re

from knowledge.engine import sound
from knowledge.engine.tokens import Token
from knowledge.engine.words import Words
from rules.book import RuleBook
from rules.questions.model import Mention, Word

STRENGTH = {"name": 1.0, "sound": 0.85, "near": 0.8, "short": 0.7, "initials": 0.5}
"""What each relaxation leaves of a name; *short*: one of two syllables, by its sound, or one of
three characters or letters with a slip."""
MIN_PINYIN = 5
"""Letters of typed pinyin that are enough for a name of two syllables."""


def _is_free(start: int, end: int, mentions: list[Mention], masked: list[tuple[int, int]]) -> bool:
    spans = [*masked, *((m.start, m.end) for m in mentions)]
    return not any(a <= start and end <= b for a, b in spans) and not any(
        a < end and start < b for a, b in masked
    )


def by_sound(
    text: str,
    tokens: tuple[Token, ...],
    book: RuleBook,
    mentions: list[Mention],
    masked: list[tuple[int, int]],
) -> list[Mention]:
    """Names that are spelt with other characters of the same sound, or typed in pinyin."""
    coded, places = _syllable_codes(text)
    automaton, known = book.sounds
    result: list[Mention] = []
    hits = automaton.find_matches_as_indexes(coded, overlapping=True)
    for i, a, b in sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1])):
        start, end = places[a][0], places[b - 1][1]
        longer = all(
            m.end - m.start < end - start for m in mentions if m.start < end > start < m.end
        )
        clash = any(m.start < end and start < m.end for m in result)
        entry, name = known[i]
        short = len(name) == 2
        if short and " " in text[start:end]:
            continue
        if short and not _is_slip(text[start:end], name, book.base.words):
            continue
        if _cuts_a_word(start, end, text[start:end], name, tokens):
            continue
        if longer and not clash and _is_free(start, end, mentions, masked):
            strength = STRENGTH["short" if short else "sound"]
            result.append(Mention(entry, start, end, "sound", strength, name))
    if result:
        mentions[:] = [
            m for m in mentions if not any(m.start < r.end and r.start < m.end for r in result)
        ]
    return result


def _cuts_a_word(start: int, end: int, typed: str, name: str, tokens: tuple[Token, ...]) -> bool:
    """Whether a character that is not the name's is half of a word that goes on outside: the first
    of a budget is no slip of the last of a slogan, which sounds like it."""
    edges = [at for at, i in ((start, 0), (end, -1)) if typed[i] != name[i] and not typed.isascii()]
    return any(token.start < at < token.end for at in edges for token in tokens)


def _is_slip(typed: str, name: str, words: Words) -> bool:
    """Whether *typed*, which sounds like a name of two characters, can hardly be anything else.

    Such names have many homophones. Pinyin is long enough to tell; of two characters one must be
    right, and together they must be no word of their own.
    """
    letters = sum(char.isascii() for char in typed)
    if letters:
        return letters >= MIN_PINYIN or (letters >= 3 and typed[0] == name[0])
    shared = sum(a == b for a, b in zip(typed, name, strict=False))
    return len(typed) == 2 and shared == 1 and words.rarity(typed) >= 1.0


def _syllable_codes(text: str) -> tuple[str, list[tuple[int, int]]]:
    """*text* as syllable codes, and for each code the span it stands for."""
    codes: list[str] = []
    places: list[tuple[int, int]] = []
    for run in re.finditer(r"[a-z]+|.", text, re.DOTALL):
        piece = run[0]
        syllables = sound.split(piece) if len(piece) > 1 else ()
        if syllables:
            at = run.start()
            for syllable in syllables:
                codes.append(sound.code_of((syllable,)))
                places.append((at, at + len(syllable)))
                at += len(syllable)
        else:
            if piece == " ":
                continue  # between two words of pinyin
            codes += sound.codes(piece)
            places += [(run.start() + i, run.start() + i + 1) for i in range(len(piece))]
    return "".join(codes), places


def by_initials(word: Word, book: RuleBook) -> list[Mention]:
    entry = book.initials.get(word.text) if word.text.isascii() else None
    if entry is None:
        return []
    return [Mention(entry, word.start, word.end, "initials", STRENGTH["initials"])]
