"""What ``follow_ups.yaml`` and ``ordinals.yaml`` hold: words that lean on what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from knowledge.engine.marks import FieldName
from rules.cues import NO_PHRASES, Phrases


@dataclass(frozen=True, slots=True)
class Want:
    """What is asked of a thing in focus, and the sections that tell it, best first."""

    want: FieldName
    sections: tuple[FieldName, ...]
    cues: Phrases


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Words that lean on what was said before; ``follow_ups.yaml`` says what each group is for."""

    pronouns: Phrases
    what_about: Phrases
    lead_ins: Phrases = NO_PHRASES
    tails: Phrases = NO_PHRASES
    ands: Phrases = NO_PHRASES
    and_tails: Phrases = NO_PHRASES
    switches: Phrases = NO_PHRASES
    returns: Phrases = NO_PHRASES
    corrections: Phrases = NO_PHRASES
    deny_next: Phrases = NO_PHRASES
    whether: Phrases = NO_PHRASES
    refuse_next: Phrases = NO_PHRASES
    refuse_last: Phrases = NO_PHRASES
    pair: Phrases = NO_PHRASES
    persons: Phrases = NO_PHRASES
    not_pronouns: Phrases = NO_PHRASES
    which: Phrases = NO_PHRASES
    should_we: Phrases = NO_PHRASES
    together: Phrases = NO_PHRASES
    former: Phrases = NO_PHRASES
    latter: Phrases = NO_PHRASES
    inside: Phrases = NO_PHRASES
    differs: Phrases = NO_PHRASES
    how_much: Phrases = NO_PHRASES
    anything: Phrases = NO_PHRASES
    around: Phrases = NO_PHRASES
    others: Phrases = NO_PHRASES
    fillers: Phrases = NO_PHRASES
    same: Phrases = NO_PHRASES
    same_first: Phrases = NO_PHRASES
    either: Phrases = NO_PHRASES
    needs_thing: tuple[FieldName, ...] = ()
    """Intents that say nothing without a thing."""
    wants: tuple[Want, ...] = ()

    def groups(self) -> Iterator[tuple[str, Phrases]]:
        """(name, phrases) of every group and want."""
        for field_ in fields(self):
            phrases = getattr(self, field_.name)
            if isinstance(phrases, Phrases) and field_.name != "what_about":
                yield field_.name, phrases
        yield from ((rule.want, rule.cues) for rule in self.wants)


@dataclass(frozen=True, slots=True)
class Ordinals:
    """How one of several is called by its number; {n} and {o} stand for it."""

    numerals: str
    """The Chinese numerals from zero on."""
    words: tuple[tuple[str, ...], ...]
    """Ordinals in words, those of the first first."""
    steps: tuple[str, ...] = ()
    """One beside a word for a step."""
    counted: tuple[str, ...] = ()
    """One of what was shown."""
    from_end: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    ends: tuple[tuple[str, ...], ...] = ()
    """What may follow one that is counted."""
    whole: tuple[str, ...] = ()
    """One of what was shown, whatever follows."""
