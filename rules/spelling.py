"""Names that are not spelt as they should be: by sound, one slip away, by their initials."""

from __future__ import annotations

import re
from collections import defaultdict

from rapidfuzz.distance import OSA

from knowledge import sound, words
from knowledge.tokens import words_of
from rules.book import Found, RuleBook, Spelling
from rules.model import Mention, Word

STRENGTH = {"name": 1.0, "sound": 0.85, "near": 0.8, "short": 0.7, "initials": 0.5}
"""What each relaxation leaves of a name; *short*: one of two syllables, by its sound."""
_Slip = tuple[float, int, int, str, str]
"""(share of letters that slipped, start, end, entry, name)."""
MIN_PINYIN = 5
"""Letters of typed pinyin that are enough for a name of two syllables."""


def _free(start: int, end: int, mentions: list[Mention], masked: list[tuple[int, int]]) -> bool:
    spans = [*masked, *((m.start, m.end) for m in mentions)]
    return not any(a <= start and end <= b for a, b in spans) and not any(
        a < end and start < b for a, b in masked
    )


def by_sound(
    text: str, book: RuleBook, mentions: list[Mention], masked: list[tuple[int, int]]
) -> list[Mention]:
    """Names that are spelt with other characters of the same sound, or typed in pinyin."""
    coded, places = _coded(text)
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
        if short and not _is_slip(text[start:end], name):
            continue
        if longer and not clash and _free(start, end, mentions, masked):
            strength = STRENGTH["short" if short else "sound"]
            result.append(Mention(entry, start, end, "sound", strength, name))
    if result:
        mentions[:] = [
            m for m in mentions if not any(m.start < r.end and r.start < m.end for r in result)
        ]
    return result


def _is_slip(typed: str, name: str) -> bool:
    """Whether *typed*, which sounds like a name of two characters, can hardly be anything else.

    Such names have many homophones. Pinyin is long enough to tell; of two characters one must be
    right, and together they must be no word of their own.
    """
    letters = sum(char.isascii() for char in typed)
    if letters:
        return letters >= MIN_PINYIN or (letters >= 3 and typed[0] == name[0])
    shared = sum(a == b for a, b in zip(typed, name, strict=False))
    return len(typed) == 2 and shared == 1 and words.rarity(typed) >= 1.0


def _coded(text: str) -> tuple[str, list[tuple[int, int]]]:
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
            codes += sound.codes(piece)
            places += [(run.start() + i, run.start() + i + 1) for i in range(len(piece))]
    return "".join(codes), places


def near(
    text: str,
    book: RuleBook,
    mentions: list[Mention],
    masked: list[tuple[int, int]],
    found: list[Found],
) -> list[Mention]:
    """Names one slip away (two for long Latin ones), where no name or cue explains the text.

    A shorter name inside gives way, if what is left of the longer one explains what is left of the
    text: "what is trae marketing" is not about marketing.
    """
    explained = [(m.start, m.end) for m in mentions] + masked
    explained += [(f.start, f.end) for f in found if f.phrase.kind in ("cue", "stop")]
    known = {i for a, b in explained for i in range(a, b)}
    places = [i for i in range(len(text) - 1) if not {i, i + 1} <= known]
    if not places:
        return []
    borders = {edge for token in words_of(text) for edge in (token.start, token.end)}
    postings, names = book.spellings
    seen: dict[int, list[int]] = defaultdict(list)
    for i in places:
        for n in postings.get(text[i : i + 2], ()):
            seen[n].append(i)
    best: list[_Slip] = []
    for n, hits in seen.items():
        if len(hits) >= names[n].needed:
            best += _slips(text, names[n], hits, borders)
    result: list[Mention] = []

    def order(row: _Slip) -> tuple[float, int, int, str]:
        """The fewest slips first, then what takes the fewest explained characters, the longest."""
        share, start, end, entry, _ = row
        return share, sum(i in known for i in range(start, end)), start - end, entry

    for _, start, end, entry, name in sorted(best, key=order):
        if any(start < m.end and m.start < end for m in result):
            continue
        inside = [m for m in mentions if start < m.end and m.start < end]
        if inside and not _gives_way(inside, (start, end), name, text, known):
            continue
        mentions[:] = [m for m in mentions if m not in inside]
        result.append(Mention(entry, start, end, "near", STRENGTH["near"], name))
    return result[:2]


def _gives_way(
    inside: list[Mention], window: tuple[int, int], name: str, text: str, known: set[int]
) -> bool:
    """Whether one shorter name inside *window* is part of a longer one with a slip in the rest."""
    start, end = window
    (first, *more) = inside
    if more or not (start <= first.start and first.end <= end) or first.strength < 1:
        return False
    rest = [i for i in range(start, end) if not first.start <= i < first.end]
    bare = [i for i in rest if text[i] != " "]
    return bool(bare) and known.isdisjoint(bare) and text[first.start : first.end] in name


def _slips(text: str, name: Spelling, places: list[int], borders: set[int]) -> list[_Slip]:
    size_ = len(name.text)
    first = max(0, places[0] - max(0, name.text.find(text[places[0] : places[0] + 2])))
    rows = []
    for start in range(max(0, first - 1), first + 2):
        for size in (size_, size_ - 1, size_ + 1):
            window = text[start : start + size]
            if (
                len(window) < size
                or start not in borders
                or not _may_end(text, start + size, borders)
            ):
                continue
            slips = OSA.distance(name.text, window, score_cutoff=name.allowed)
            if slips <= name.allowed:
                rows.append((slips / size_, start, start + size, name.entry, name.text))
    return rows


def _may_end(text: str, at: int, borders: set[int]) -> bool:
    """Whether a name may end there: at the end of a word, or before a Korean particle."""
    return at in borders or (
        at < len(text) and all("\uac00" <= c <= "\ud7af" for c in text[at - 1 : at + 1])
    )


def by_initials(word: Word, book: RuleBook) -> list[Mention]:
    entry = book.initials.get(word.text) if word.text.isascii() else None
    if entry is None:
        return []
    return [Mention(entry, word.start, word.end, "initials", STRENGTH["initials"])]
