"""Names with a slip of the finger: a letter dropped, doubled, changed, or two that changed places.

Candidates come from the pairs of letters they share with what nothing explains, and from shorter
names beside it ("trae marketing" holds "marketing"); the optimal string alignment distance decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import OSA

from knowledge.engine.normal import Normal
from knowledge.engine.tokens import Token, words_of
from knowledge.engine.words import Words
from rules.book import Found, RuleBook
from rules.questions.model import Mention
from rules.questions.spelling import STRENGTH
from rules.spellings import Spelling

LONG_WORD = 9
DAILY = ("thing", "state", "subject")
"""Kinds of words that are right as they are."""
MOST = 2
"""Names that are taken from one message with a slip."""
MIN_RARITY = 0.43
"""What a single character beside a name must tell to be the rest of a longer one.

电运营 is 电商运营; a new or a big 运营 is not.
"""


@dataclass(frozen=True, slots=True)
class _Slip:
    """A name found with slips at a span of the text."""

    start: int
    end: int
    name: Spelling
    share: float
    """The share of its letters that slipped."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The message as this module sees it."""

    text: str
    book: RuleBook
    known: frozenset[int]
    """Places that names, cues and fillers explain."""
    begins: frozenset[int]
    """Places where a name may begin: where a word does, and no cue."""
    ends: frozenset[int]
    """Places where a name may end: behind a letter that is none of a cue, where a word ends or
    before a Korean particle."""
    borders: frozenset[int]
    """Places where a word begins or ends."""

    def is_open(self, place: int) -> bool:
        """Whether nothing explains the character there."""
        return 0 <= place < len(self.text) and place not in self.known


def near_names(
    normal: Normal,
    tokens: tuple[Token, ...],
    book: RuleBook,
    mentions: list[Mention],
    masked: list[tuple[int, int]],
    found: list[Found],
) -> list[Mention]:
    """Names one slip away (two for long Latin ones), where no name or cue explains the text.

    A shorter name inside gives way, if what is left of the longer one explains what is left of the
    text: "what is trae marketing" is not about marketing. It is then taken out of *mentions*.
    """
    text = normal.text
    explained = [(m.start, m.end) for m in mentions] + masked
    explained += [(f.start, f.end) for f in found if f.phrase.kind in ("cue", "stop")]
    known = frozenset(i for a, b in explained for i in range(a, b))
    asking = frozenset(
        i
        for f in found
        if f.phrase.kind == "cue" and f.phrase.parts == 1
        for i in range(f.start, f.end)
    ) - {i for m in mentions for i in range(m.start, m.end)}
    if len(known) == len(text):
        return []
    edges = (edge for token in tokens for edge in (token.start, token.end))
    borders = normal.gaps().union(edges)
    daily = {(f.start, f.end) for f in found if f.phrase.kind in DAILY}
    view = _Text(text, book, known, borders - asking, _ends(text, borders, asking), borders)
    slips = [*_by_pairs(view, book), *_around_names(view, book, mentions)]
    result: list[Mention] = []

    def order(slip: _Slip) -> tuple[float, int, int, str]:
        """The fewest slips first, then what takes the fewest explained characters, the longest."""
        taken = sum(i in known for i in range(slip.start, slip.end))
        return slip.share, taken, slip.start - slip.end, slip.name.entry

    for slip in sorted(slips, key=order):
        if any(slip.start < m.end and m.start < slip.end for m in result):
            continue
        if (slip.start, slip.end) in daily:
            continue  # a shop is no slip of a shop team
        inside = [m for m in mentions if slip.start < m.end and m.start < slip.end]
        if inside and not _gives_way(inside, slip, view):
            continue
        if not _counts_alike(text[slip.start : slip.end], slip.name.text, book):
            continue
        if _in_words_of_ours(text[slip.start : slip.end], slip.name, book):
            continue
        mentions[:] = [m for m in mentions if m not in inside]
        strength = STRENGTH["short" if slip.name.swapped else "near"]
        result.append(
            Mention(slip.name.entry, slip.start, slip.end, "near", strength, slip.name.text)
        )
    return result[:MOST]


def _by_pairs(view: _Text, book: RuleBook) -> Iterator[_Slip]:
    """Names that share pairs of letters with what nothing explains."""
    postings, names, needed = book.spellings
    places = [i for i in range(len(view.text) - 1) if not view.known.issuperset((i, i + 1))]
    pairs = [(i, view.text[i : i + 2]) for i in places]
    shared = Counter(chain.from_iterable(postings.get(pair, ()) for _, pair in reversed(pairs)))
    for n in [n for n, count in shared.items() if count >= needed[n]]:
        name = names[n]
        if any(part in view.text for part in name.intact):
            own = name.text if name.is_long else name.pairs
            first, pair = next((i, pair) for i, pair in pairs if pair in own)
            yield from _slips(view, name, first - max(0, name.text.find(pair)))


def _around_names(view: _Text, book: RuleBook, mentions: list[Mention]) -> Iterator[_Slip]:
    """Longer names around a name that stands beside something unexplained."""
    for m in mentions:
        before = view.is_open(m.start - 1 - (view.text[m.start - 1 : m.start] == " "))
        after = view.is_open(m.end + (view.text[m.end : m.end + 1] == " "))
        if m.strength < 1 or not (before or after):
            continue
        within = view.text[m.start : m.end]
        for name in book.longer_names(within):
            head, _, tail = name.text.partition(within)
            start = m.start - len(head)
            left = view.text[max(0, start - 1) : m.start]
            right = view.text[m.end : m.end + len(tail) + 1]
            if _is_similar(head, left, before) and _is_similar(tail, right, after):
                yield from _slips(view, name, start)


def _is_similar(part: str, beside: str, is_open: bool) -> bool:
    """Whether *beside* could be that part of a name: it shares a letter and is unexplained."""
    return not part or (is_open and not set(part).isdisjoint(beside))


def _slips(view: _Text, name: Spelling, near_: int) -> Iterator[_Slip]:
    """The places around *near_* where *name* stands with no more slips than it may have."""
    size, allowed = len(name.text), name.allowed
    first = max(0, near_)
    around = view.text[max(0, first - allowed) : first + size + 2 * allowed]
    if not any(part in around for part in name.intact):
        return
    for start in range(max(0, first - allowed), first + allowed + 1):
        if start not in view.begins:
            continue
        for end in range(start + size - allowed, start + size + allowed + 1):
            if end not in view.ends:
                continue
            window = view.text[start:end]
            if _is_another_end(window, name.text, view.book.base.words):
                continue
            if end not in view.borders and window[-1] != name.text[-1]:
                continue  # what goes on behind a syllable that is not the name's is no particle
            slips = OSA.distance(name.text, window, score_cutoff=allowed)
            if slips <= allowed and (not name.swapped or _bears(window, name, view.book)):
                yield _Slip(start, end, name, slips / size)


def _is_another_end(window: str, name: str, words: Words) -> bool:
    """Whether a name lacks its last character, or has a common one in its place: a complaint is no
    complaint rate, nor is one that nobody answers."""
    if name.isascii() or len(name) < len(window):
        return False
    other = window[:-1] == name[:-1] and window[-1] != name[-1]
    return name.startswith(window) or (other and words.rarity(window[-1]) < MIN_RARITY)


def _counts_alike(window: str, name: str, book: RuleBook) -> bool:
    """Whether the numbers agree: the third step is no slip of the ninth."""
    numbers = book.ordinals.numbers
    typed, meant = (Counter(char for char in text if char in numbers) for text in (window, name))
    return typed == meant


def _in_words_of_ours(window: str, name: Spelling, book: RuleBook) -> bool:
    """Whether a word differs because it is another one: indirect is no slip of direct."""
    words = book.base.words
    meant = {token.text for token in words_of(name.text, words)}
    latin = (token for token in words_of(window, words) if token.script == "latin")
    return any(
        token.text not in meant
        and book.base.index.knows(token.text)
        and not any(_one_slip(window[token.start : token.end], word) for word in name.text.split())
        for token in latin
    )


def _one_slip(typed: str, meant: str) -> bool:
    """Whether a long word has one letter wrong, though its stem is a word: convertion."""
    return len(meant) >= LONG_WORD and OSA.distance(typed, meant, score_cutoff=1) <= 1


def _bears(window: str, name: Spelling, book: RuleBook) -> bool:
    """Whether a short name bears that slip: two that changed places, or, in Hangul, one that was
    dropped where no text knows what is left (케팅).
    """
    if len(window) < len(name.text):
        return all(map(_is_hangul, window)) and not book.base.index.knows(window)
    return sorted(window) == sorted(name.text)


def _ends(text: str, borders: frozenset[int], asking: frozenset[int]) -> frozenset[int]:
    """Places where a name may end: at the end of a word, or before a Korean particle."""
    hangul = [_is_hangul(char) for char in text]
    return frozenset(
        at
        for at in range(1, len(text) + 1)
        if at - 1 not in asking
        and text[at - 1].isalnum()
        and (at in borders or (at < len(text) and hangul[at - 1] and hangul[at]))
    )


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7af"


def _gives_way(inside: list[Mention], slip: _Slip, view: _Text) -> bool:
    """Whether one shorter name inside the slip is part of a longer one with a slip in the rest."""
    (first, *more) = inside
    if more or not (slip.start <= first.start and first.end <= slip.end) or first.strength < 1:
        return False
    rest = [i for i in range(slip.start, slip.end) if not first.start <= i < first.end]
    bare = [i for i in rest if view.text[i] != " "]
    if not bare or not view.known.isdisjoint(bare):
        return False
    if view.text[first.start : first.end] not in slip.name.text:
        return False
    if slip.name.text.isascii():
        return True
    letters, window = [view.text[i] for i in bare], view.text[slip.start : slip.end]
    return _is_slip_of_few(letters, window, slip.name.text, view.book.base.words)


def _is_slip_of_few(bare: list[str], window: str, name: str, words: Words) -> bool:
    """Whether the few characters beside a name are a slip and no word of their own.

    One character in the place of another makes another word (线上, 线下); dropped, doubled and
    swapped ones seldom do.
    """
    if len(bare) == 1 and words.rarity(bare[0]) < MIN_RARITY:
        return False
    typed, meant = Counter(window), Counter(name)
    return len(bare) > 2 or not (typed - meant and meant - typed)
