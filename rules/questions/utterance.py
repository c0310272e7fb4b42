"""A text -> Utterance: language, names, cues, limits, false friends, and what is left over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from knowledge.engine.normal import Normal, clean, compact
from knowledge.engine.tokens import Token, words_of
from knowledge.engine.words import Words
from rules.book import Found, RuleBook
from rules.questions import slips, spelling
from rules.questions.everyday import situation
from rules.questions.model import Evidence, Mention, Utterance, Word

MAX_CHARS = 2_000
"""Longer messages are cut; nobody asks in more, and a pasted text is not a question."""
ABBREVIATION = 4
"""Letters of an abbreviation such as GMV, at most."""
UNJOINED = frozenset({"limit", "false_friend"})
"""Kinds that are never read over the space between two Korean words."""
SHORTEST = 2
"""Syllables that are one word or none."""
BROKEN = ("cue", "limit", "unless", "false_friend")
"""Kinds of phrases that may have gaps."""
COMMON = ("subject", "thing", "state")
"""Kinds of words that may be a name, too, and are said every day."""
LATIN_WEIGHT, OTHER_WEIGHT = 0.7, 0.5


def read(text: str, book: RuleBook, language: str | None = None, exact: bool = False) -> Utterance:
    """Everything the rules and names recognise in *text*. Pure; any text will do.

    *exact*: names as they are written alone, which takes a third of the time.
    """
    raw = clean(text[:MAX_CHARS])
    normal = compact(raw)
    script = guess_language(raw)
    gaps = normal.gaps()
    found = [
        f
        for f in book.find(normal.text)
        if f.phrase.language in ("", script) and not _joined_over(f, normal.text, gaps)
    ]
    of = _by_kind(found)
    for kind in BROKEN:
        of[kind] = whole_phrases(of[kind])
    masked = [(f.start, f.end) for f in of["false_friend"]]
    tokens = tuple(words_of(normal.text, book.base.words, gaps))
    mentions = _names(of, masked, normal.text)
    if not exact:
        mentions += spelling.by_sound(normal.text, tokens, book, mentions, masked)
        mentions += slips.near_names(normal, tokens, book, mentions, masked, found)
    mentions.sort(key=lambda m: (m.start, m.end))
    left = _left_over(normal.text, tokens, of, mentions, book.base.words)
    if not mentions and not exact:
        mentions = [m for word in left for m in spelling.by_initials(word, book)]
    return Utterance(
        raw=raw,
        normal=normal,
        language=language or script,
        mentions=tuple(mentions),
        cues=_evidence(normal, raw, of["cue"]),
        limits=_evidence(normal, raw, _ordinals_beside(of, mentions, book)),
        false_friends=_evidence(normal, raw, of["false_friend"]),
        pronouns=_evidence(normal, raw, of["pronoun"]),
        number=book.ordinals.number(normal.text),
        words=tuple(left),
        synonyms=tuple(sorted({f.phrase.value for f in of["synonym"]})),
        situation=situation(found, normal.text, masked) if of["thing"] or of["state"] else (),
        subject=any(not _overlaps(f, masked) for f in of["subject"]),
    )


def guess_language(text: str) -> str:
    """zh, en, ja or ko by script: kana makes it Japanese, Hangul Korean, Han alone Chinese."""
    if re.search(r"[\u3041-\u30fa]", text):
        return "ja"
    if re.search(r"[\uac00-\ud7af]", text):
        return "ko"
    return "zh" if re.search(r"[\u3400-\u9fff]", text) else "en"


def span(utterance: Utterance, start: int, end: int) -> tuple[str, int, int]:
    """The original words and original span of a compact span."""
    first, last = utterance.normal.original(start, end)
    last = first + len(utterance.raw[first:last].rstrip())
    return utterance.raw[first:last], first, last


def _joined_over(f: Found, text: str, gaps: frozenset[int]) -> bool:
    """Whether a Korean literal is only the end of one word and the beginning of the next."""
    if f.phrase.kind not in UNJOINED or not "\uac00" <= text[f.start] <= "\ud7a3":
        return False
    if not any(f.start < gap < f.end for gap in gaps):
        return False
    inside = f.start > 0 and f.start not in gaps and "\uac00" <= text[f.start - 1] <= "\ud7a3"
    return inside or f.end - f.start <= SHORTEST


def _by_kind(found: Iterable[Found]) -> defaultdict[str, list[Found]]:
    kinds: defaultdict[str, list[Found]] = defaultdict(list)
    for f in found:
        kinds[f.phrase.kind].append(f)
    return kinds


def whole_phrases(found: list[Found]) -> list[Found]:
    """Phrases in one piece, and those with gaps where all parts follow in order."""
    whole = [f for f in found if f.phrase.parts == 1]
    broken: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for f in found:
        if f.phrase.parts > 1:
            broken[f.phrase.value, f.phrase.cue].append(f)
    for parts in broken.values():
        at, chain = 0, []
        for wanted in range(parts[0].phrase.parts):
            part = next((f for f in parts if f.phrase.part == wanted and f.start >= at), None)
            if part is None:
                break
            chain.append(part)
            at = part.end
        else:
            whole += chain
    return whole


def _evidence(normal: Normal, raw: str, found: list[Found]) -> tuple[Evidence, ...]:
    result = []
    for f in sorted(found, key=lambda f: (f.start, -f.end, f.phrase.value)):
        start, end = normal.original(f.start, f.end)
        weight = float(f.end - f.start)
        result.append(Evidence(f.phrase.kind, raw[start:end], start, end, f.phrase.value, weight))
    return tuple(dict.fromkeys(result))


def _overlaps(f: Found, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < f.end and f.start < end for start, end in spans)


def _clear_of(of: dict[str, list[Found]], mentions: list[Mention]) -> list[Found]:
    """Limits that are not merely part of a name, or of a phrase that is held."""
    held = [(m.start, m.end, "") for m in mentions]
    held += [(f.start, f.end, f.phrase.value) for f in of["unless"]]
    return [
        f
        for f in of["limit"]
        if not any(
            start <= f.start and f.end <= end and limit in ("", f.phrase.value)
            for start, end, limit in held
        )
    ]


def _ordinals_beside(
    of: dict[str, list[Found]], mentions: list[Mention], book: RuleBook
) -> list[Found]:
    """Those of them that count beside what is spoken of."""
    ours = bool(mentions or of["thing"])
    asks = {f.phrase.value for f in of["cue"]}
    clear = ((f, book.limits[f.phrase.value]) for f in _clear_of(of, mentions))
    return [
        f for f, limit in clear if not (ours and limit.alone) and asks.isdisjoint(limit.not_beside)
    ]


def _names(of: dict[str, list[Found]], masked: list[tuple[int, int]], text: str) -> list[Mention]:
    """Exact names, longest first, none overlapping another or inside a false friend.

    Where things are compared, a name made of two abbreviations stands for these: "DAU MAU 차이".
    """
    taken = list(masked)
    result = []
    names = of["name"]
    common = [(f.start, f.end) for kind in COMMON for f in of[kind]]
    if any(f.phrase.value == "compare" for f in of["cue"]):
        names = [f for f in names if not _is_two(f, names, text)]
    for f in sorted(names, key=lambda f: (f.start - f.end, f.start, f.phrase.value)):
        if not _overlaps(f, taken):
            taken.append((f.start, f.end))
            strength, span = spelling.STRENGTH["name"], (f.start, f.end)
            word = any(start <= span[0] and span[1] <= end for start, end in common)
            result.append(Mention(f.phrase.value, *span, "name", strength, common=word))
    return result


def _is_two(name: Found, names: list[Found], text: str) -> bool:
    """Whether two abbreviations that are names of other entries make up *name*."""
    first, gap, second = text[name.start : name.end].partition(" ")
    if not gap or not all(p.isascii() and len(p) <= ABBREVIATION for p in (first, second)):
        return False
    ends = (name.start + len(first), name.end - len(second))
    heads = {f.phrase.value for f in names if (f.start, f.end) == (name.start, ends[0])}
    tails = {f.phrase.value for f in names if (f.start, f.end) == (ends[1], name.end)}
    return bool(heads and tails) and heads != tails


def _left_over(
    text: str,
    tokens: Iterable[Token],
    of: dict[str, list[Found]],
    mentions: list[Mention],
    words: Words,
) -> list[Word]:
    """Content words that nothing explains, each with how much it tells."""
    explained = bytearray(len(text))
    spans = [(m.start, m.end) for m in mentions]
    kinds = ("cue", "limit", "stop", "pronoun")
    spans += [(f.start, f.end) for kind in kinds for f in of[kind]]
    for start, end in spans:
        explained[start:end] = b"\1" * (end - start)
    result = []
    for token in tokens:
        if all(explained[token.start : token.end]):
            continue
        surface = text[token.start : token.end]
        if token.script == "han":
            weight = words.rarity(token.text) if len(surface) > 1 else 0.35
        else:
            weight = LATIN_WEIGHT if token.script == "latin" else OTHER_WEIGHT
        if not surface.isdigit():
            result.append(Word(token.text, token.start, token.end, weight))
    return result
