"""Names, cues and words of the field -> the table of literals that the RuleBook looks for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.engine import sound
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.normal import compact_text
from rules.cues import GAP, Phrases
from rules.follow_ups import FollowUps
from rules.load import Rules

NOT, ANY_ENDING = "!", "*"
"""Marks of everyday words."""
MIN_SOUND = 2
"""Syllables of a name that is recognised by its sound."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a literal stands for: kind name, cue, limit, false_friend, pronoun, stop, subject,
    synonym, thing, state, negation, unless (a limit does not count in it); turn for the words of a
    conversation, alone for those that count only as a whole message."""

    kind: str
    value: str
    part: int = 0
    parts: int = 1
    """A cue with gaps has several parts; they count only together and in order."""
    cue: str = ""
    open_end: bool = False
    """Whether a Latin word may go on: any ending."""
    negated: bool = False
    """Whether it counts only where a negation stands near it."""
    language: str = ""
    """For a phrase of Han characters alone: its language (部署 is a verb in Chinese and
    a department in Japanese). Empty: any."""


Table = dict[str, list[Any]]
"""Literals and the fields of the phrases that each stands for."""


def rule_table(rules: Rules) -> Table:
    """Every literal of the rules, whatever the content is."""
    return _table(_rule_phrases(rules))


def name_table(base: KnowledgeBase) -> Table:
    """Every literal that names an entry; these come before what rules make of it."""
    return _table(_all_names(base))


def word_table(base: KnowledgeBase) -> Table:
    """The words of the lexicon; these come after it."""
    return _table(_lexicon(base))


def _table(phrases: Iterable[tuple[str, Phrase]]) -> Table:
    table: Table = {}
    for text, phrase in phrases:
        row = row_of(phrase)
        if text and row not in table.setdefault(text, []):
            table[text].append(row)
    return {text: rows for text, rows in table.items() if rows}


def sound_table(base: KnowledgeBase) -> dict[str, list[str]]:
    """How each Chinese name sounds (`sound.codes`) -> its entry and the name itself."""
    patterns: dict[str, list[str]] = {}
    for name in base.names:
        if name.is_long:
            continue
        if len(name.text) >= MIN_SOUND and all(sound.of_char(char) for char in name.text):
            patterns.setdefault(sound.codes(name.text), [name.entry, name.text])
    return patterns


def _rule_phrases(rules: Rules) -> Iterator[tuple[str, Phrase]]:
    for intent in rules.intents:
        yield from _cues("alone" if intent.alone else "cue", intent.intent, intent.cues)
        yield from _cues("alone", intent.intent, intent.whole)
    for limit in rules.limits:
        yield from _cues("limit", limit.limit, limit.cues, scoped=True)
        yield from _cues("unless", limit.limit, limit.unless, scoped=True)
        for lead in limit.leads_to:
            yield from _cues("lead", f"{limit.limit} {lead.entry}", lead.asked_by, scoped=True)
    for rule in rules.false_friends:
        yield from _cues("false_friend", rule.false_friend, rule.phrases)
    yield from _everyday_phrases(rules)
    yield from _cues("cue", "what_about", rules.follow_ups.what_about)
    for group, phrases in rules.follow_ups.groups():
        yield from _cues("turn", group, phrases)
    for _, word in rules.follow_ups.pronouns.all():
        yield compact_text(word), Phrase("pronoun", word)


def _lexicon(base: KnowledgeBase) -> Iterator[tuple[str, Phrase]]:
    for word in base.lexicon.stop:
        yield word, Phrase("stop", word)
    for word in base.lexicon.subject:
        yield word, Phrase("subject", word)
    for word, ours in base.lexicon.synonyms:
        yield word, Phrase("synonym", ours)


def _all_names(base: KnowledgeBase) -> Iterator[tuple[str, Phrase]]:
    """Every name, and those with one word said in another way, as Taiwan says 營運 for 运营."""
    told = {name.text for name in base.names}
    for name in base.names:
        yield name.text, Phrase("name", name.entry)
        if name.is_question:
            continue
        for word, ours in base.lexicon.synonyms:
            if 1 < len(ours) <= len(name.text) and ours in name.text and not word.isascii():
                variant = name.text.replace(ours, word)
                if variant not in told:
                    yield variant, Phrase("name", name.entry)
        yield from (
            (cut, Phrase("name", name.entry))
            for cut in _cut_short(name.text, base.lexicon.short)
            if cut not in told
        )


def _cut_short(name: str, short: tuple[tuple[str, str], ...]) -> set[str]:
    """The ways in which people cut a name of several words: product ops, mktg dept."""
    ways = {name} if " " in name else set()
    for word, cut in short:
        ways |= {re.sub(rf"\b{re.escape(word)}\b", cut, way) for way in ways}
    return ways - {name}


def _cues(
    kind: str, value: str, phrases: Phrases, scoped: bool = False
) -> Iterator[tuple[str, Phrase]]:
    """Each cue, part by part; *scoped*: one of Han characters alone only in its own language."""
    for language, cue in phrases.all():
        own = language if scoped and _is_han(cue) else ""
        parts = [compact_text(part) for part in cue.split(GAP)]
        for i, part in enumerate(parts):
            whole = cue if len(parts) > 1 else ""
            yield part, Phrase(kind, value, i, len(parts), whole, language=own)


def _is_han(text: str) -> bool:
    return not re.search(r"[a-zA-Z\u3041-\u30ff\uac00-\ud7af]", text)


def _everyday_phrases(rules: Rules) -> Iterator[tuple[str, Phrase]]:
    """Things, states and the words that say that something is not so."""
    for thing in rules.things:
        yield from _words("thing", thing.thing, thing.words)
    for state in rules.states:
        yield from _words("state", state.state, state.words)
    for _, word in rules.negations.all():
        yield compact_text(word), Phrase("negation", "not")


def _words(kind: str, value: str, words: Phrases) -> Iterator[tuple[str, Phrase]]:
    """Each word; ``!`` before it: it is said not to be so; ``*`` behind it: any ending."""
    for language, word in words.all():
        own = language if _is_han(word) else ""
        bare = word.removeprefix(NOT)
        parts = bare.split(GAP)
        for i, part in enumerate(parts):
            text = compact_text(part.strip().removesuffix(ANY_ENDING))
            yield text, Phrase(
                kind, value, i, len(parts), word if len(parts) > 1 else "",
                part.strip().endswith(ANY_ENDING), word.startswith(NOT), own,
            )  # fmt: skip


FIELDS = tuple((field.name, field.default) for field in dataclasses.fields(Phrase))


def row_of(phrase: Phrase) -> list[Any]:
    """The fields of a phrase, without defaults at the end: there are tens of thousands."""
    row = [getattr(phrase, name) for name, _ in FIELDS]
    while row[-1] == FIELDS[len(row) - 1][1]:
        row.pop()
    return row


def without_phrases(rules: Rules) -> Rules:
    """The rules as questions need them: their phrases are in the table."""
    nothing = Phrases()
    return dataclasses.replace(
        rules,
        intents=[dataclasses.replace(rule, cues=nothing, whole=nothing) for rule in rules.intents],
        limits=[
            dataclasses.replace(
                rule,
                cues=nothing,
                unless=nothing,
                leads_to=tuple(dataclasses.replace(x, asked_by=nothing) for x in rule.leads_to),
            )
            for rule in rules.limits
        ],
        false_friends=[dataclasses.replace(rule, phrases=nothing) for rule in rules.false_friends],
        things=[],
        states=[],
        negations=nothing,
        documents={},
        follow_ups=FollowUps(
            nothing,
            nothing,
            needs_thing=rules.follow_ups.needs_thing,
            wants=tuple(dataclasses.replace(rule, cues=nothing) for rule in rules.follow_ups.wants),
        ),
    )
