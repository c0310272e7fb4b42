"""Names that stand alone in brackets at the end of items: whose an item is, or a mere aside.

What is a name is decided by evidence, the whole list at once: who is known, what form the words
have, and whether the list says it so of other items too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.engine import shape, source
from knowledge.engine.source import ContentError
from rules.checklists.draft import Aside, Draft, DraftItem
from rules.cues import Phrases

NAMES = Path(__file__).with_name("names.yaml")
MAX_NAME = 30
NONE, LIKELY, SURE = 0, 1, 2
_GROUP = re.compile(r"\s*[\[(（【]([^\[\]()（）【】]{1,40})[\])）】][.。;；,，]?\s*$")
_SEVERAL = re.compile(r"[·,，、;；/|:：]")
_ROMAN = re.compile(
    r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]+(?:[-'\u2019][A-Z]?[a-z\u00df-\u00ff]+)?"
)
_INITIAL = re.compile(r"[A-Z]\.?")
_HAN = re.compile("[\u3400-\u9fff\u3005]+")
_HANGUL = re.compile("[\uac00-\ud7a3]+")


@dataclass(frozen=True, slots=True)
class Names:
    """The words of ``names.yaml``, which explains each."""

    unit: Phrases
    unit_ending: Phrases
    before: Phrases
    after: Phrases
    surname: Phrases
    aside: Phrases
    preposition: Phrases
    domain: Phrases


@cache
def names() -> Names:
    """The words. Raises ContentError if their file is broken."""
    document = source.read(NAMES, f"rules/checklists/{NAMES.name}")
    built = shape.build(Names, document, document.value)
    if document.problems or not isinstance(built, Names):
        raise ContentError(document.problems)
    return built


@cache
def _words(kind: str) -> frozenset[str]:
    phrases: Phrases = getattr(names(), kind)
    languages = (phrases.zh, phrases.en, phrases.ja, phrases.ko)
    return frozenset(word.casefold() for words in languages for word in words)


def is_address(name: str) -> bool:
    """Whether what stands behind an @ is the end of an address on the internet."""
    return "." in name and name.rpartition(".")[2].casefold() in _words("domain")


def leads_to_name(text: str) -> bool:
    """Whether words want a name behind them, so that an @ there is part of the sentence."""
    last = text.rsplit(maxsplit=1)[-1].casefold() if text.split() else ""
    return last in _words("preposition") or text.endswith(tuple(names().preposition.zh))


def settle(draft: Draft, people: Iterable[str] = ()) -> None:
    """Give items the owners that stand alone in brackets; note every such aside, taken or not.

    *people*: names of people and roles that are known; they are written as they are known.
    """
    known = {name.casefold(): name for name in people if name.strip()}
    for item in draft.items:
        item.owner = known.get(item.owner.casefold(), item.owner)
    told = {item.owner.casefold() for item in draft.items if item.owner} | set(known)
    wanted = told | {name.casefold() for name in draft.owners}
    unwanted = {name.casefold() for name in draft.not_owners}
    alone = [
        (item, words) for item in draft.items if not item.owner and (words := _final_brackets(item))
    ]
    forms = [_form(words, wanted, unwanted) for _, words in alone]
    least = LIKELY if _is_pattern(forms, len(draft.items)) else SURE
    asides: dict[str, bool] = {}
    for (item, words), form in zip(alone, forms, strict=True):
        if is_owner := form >= least:
            item.text = _GROUP.sub("", item.text).rstrip()
            item.owner = known.get(words.casefold(), words)
        if not _SEVERAL.search(words):
            asides[words] = is_owner
    _write_alike(draft.items)
    draft.asides = tuple(Aside(words, is_owner) for words, is_owner in asides.items())


def _write_alike(items: list[DraftItem]) -> None:
    """Write one name in one way: @anna and (Anna) are the same."""
    ways: dict[str, str] = {}
    for item in items:
        if item.owner and item.owner != item.owner.casefold():
            ways.setdefault(item.owner.casefold(), item.owner)
    for item in items:
        item.owner = ways.get(item.owner.casefold(), item.owner)


def _final_brackets(item: DraftItem) -> str:
    """The words in brackets that end an item which says something before them."""
    group = _GROUP.search(item.text)
    return group[1].strip() if group and group.start() else ""


def _is_pattern(forms: list[int], items: int) -> bool:
    """Whether names in brackets are how this list says whose an item is."""
    named = sum(form >= LIKELY for form in forms)
    return named >= 2 and 2 * named >= len(forms) and 3 * named >= items


def _form(words: str, wanted: set[str], unwanted: set[str]) -> int:
    """How much words look like somebody's name."""
    plain = words.casefold()
    if plain in unwanted:
        return NONE
    if plain in wanted:
        return SURE
    if len(words) > MAX_NAME or _SEVERAL.search(words) or any(c.isdigit() for c in words):
        return NONE
    if plain in _words("aside"):
        return NONE
    return SURE if _is_sure(plain) else LIKELY if _is_likely(words) else NONE


def _is_sure(plain: str) -> bool:
    """A unit, a role, or a name with what people put before or behind one."""
    if plain in _words("unit"):
        return True
    if any(len(plain) > len(end) and plain.endswith(end) for end in _words("unit_ending")):
        return plain.isascii() or len(plain) <= 8
    if any(plain.startswith(title) for title in names().before.en):
        return True
    if _HAN.fullmatch(plain) and plain[0] in names().before.zh and plain[1:] in _words("surname"):
        return True
    for end in _words("after"):
        name = plain.removesuffix(end).strip()
        if name and name != plain and len(name) <= 4 and _is_called(name, end):
            return True
    return False


def _is_called(name: str, title: str) -> bool:
    """Whether a title stands behind somebody's name: in Chinese it begins with a surname."""
    if title in names().after.zh and title not in names().after.ja:
        return name in _words("surname") or name[0] in _words("surname")
    if title in names().after.ko:
        return bool(_HANGUL.fullmatch(name))
    return bool(name)


def _is_likely(words: str) -> bool:
    """The form that names have: capitals, or a surname and what is given."""
    if words.isascii() or _ROMAN.match(words):
        parts = words.split()
        full = [part for part in parts if _ROMAN.fullmatch(part)]
        fits = all(_ROMAN.fullmatch(part) or _INITIAL.fullmatch(part) for part in parts)
        return fits and bool(full) and len(parts) <= 3
    bare = words.replace(" ", "")
    if _HANGUL.fullmatch(bare):
        return 2 <= len(bare) <= 4
    if not _HAN.fullmatch(bare):
        return False
    surnames = _words("surname")
    if bare in names().surname.ja or (bare[0] in names().before.zh and len(bare) in (2, 3)):
        return True
    return any(bare.startswith(name) and 1 <= len(bare) - len(name) <= 2 for name in surnames)
