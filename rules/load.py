"""YAML -> intents, limits, traps, ordinals, thresholds and more; all shape problems collected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from knowledge import shape, source
from knowledge.model import LANGUAGES, FieldName
from knowledge.source import Document, Problem
from rules import cues

ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of each language."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    ja: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()

    def all(self) -> Iterator[tuple[str, str]]:
        """(language, phrase) of every phrase, cues expanded."""
        for language in LANGUAGES:
            for cue in getattr(self, language):
                for phrase in cues.expand(cue):
                    yield language, phrase


NO_PHRASES = Phrases()


@dataclass(frozen=True, slots=True)
class Said:
    """A short text in each language; ja and ko may fall back to en."""

    zh: str
    en: str
    ja: str | None = None
    ko: str | None = None

    def told(self, language: str) -> str:
        """The text in *language*, or in English where there is none."""
        return getattr(self, language, None) or self.en


@dataclass(frozen=True, slots=True)
class IntentRule:
    """One file of ``intents/``."""

    intent: FieldName
    sections: tuple[FieldName, ...]
    kinds: tuple[FieldName, ...]
    entries: int
    cues: Phrases
    alone: bool = False
    """Whether its cues count only where they are the whole message."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A subject on the edge of ours that is openly not covered."""

    limit: FieldName
    label: Said
    cues: Phrases
    unless: Phrases = NO_PHRASES
    """Longer phrases in which a cue means something that is held."""
    aside: bool = False
    """Whether its words may merely set the scene: a clinic asks about its posts, too."""


@dataclass(frozen=True, slots=True)
class TrapRule:
    """Phrases that share a word with us and mean something else."""

    trap: FieldName
    why: Said
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class ThingRule:
    """A thing people talk about in everyday words."""

    thing: FieldName
    words: Phrases


@dataclass(frozen=True, slots=True)
class StateRule:
    """What happens to a thing, or is wanted of it."""

    state: FieldName
    words: Phrases


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
    which: Phrases = NO_PHRASES
    should_we: Phrases = NO_PHRASES
    together: Phrases = NO_PHRASES
    former: Phrases = NO_PHRASES
    latter: Phrases = NO_PHRASES
    inside: Phrases = NO_PHRASES
    differs: Phrases = NO_PHRASES
    how_much: Phrases = NO_PHRASES
    anything: Phrases = NO_PHRASES
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
class Clauses:
    """Words that begin a further question in the same message."""

    connectors: Phrases


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


@dataclass(frozen=True, slots=True)
class Sign:
    """How much a sign for or against an answer counts."""

    sign: FieldName
    weight: int
    """Hundredths."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an answer is, and from where on it is given; written by
    ``zhiwen eval questions --fit``."""

    answer: int
    """Hundredths of confidence from which on it is answered plainly."""
    guess: int
    """The same for a best guess, told as one."""
    offer: int
    """The same for a short list."""
    base: int
    """What it starts from, in hundredths; on it the signs are added."""
    signs: tuple[Sign, ...]
    questions: int = 0
    """On how many labelled questions it rests."""


@dataclass(slots=True)
class Rules:
    """All rules as read."""

    intents: list[IntentRule] = field(default_factory=list)
    limits: list[LimitRule] = field(default_factory=list)
    traps: list[TrapRule] = field(default_factory=list)
    things: list[ThingRule] = field(default_factory=list)
    states: list[StateRule] = field(default_factory=list)
    negations: Phrases = NO_PHRASES
    follow_ups: FollowUps = field(default_factory=lambda: FollowUps(Phrases(), Phrases()))
    clauses: Clauses = field(default_factory=lambda: Clauses(Phrases()))
    ordinals: Ordinals = field(default_factory=lambda: Ordinals("", ()))
    confidence: Confidence = field(default_factory=lambda: Confidence(55, 45, 30, 0, ()))
    problems: list[Problem] = field(default_factory=list)


def paths(root: Path = ROOT) -> list[Path]:
    """Every file that `load` reads."""
    singles = ["limits", "traps", "follow_ups", "ordinals", "confidence", "clauses"]
    singles += ["everyday/things", "everyday/states", "everyday/negations"]
    return [*sorted((root / "intents").glob("*.yaml")), *(root / f"{n}.yaml" for n in singles)]


def load(root: Path = ROOT) -> Rules:
    """Read all rules below *root*; problems are in the result."""
    rules = Rules()
    for path in sorted((root / "intents").glob("*.yaml")):
        document = _document(root, path)
        built = _built(IntentRule, document, rules)
        if built is not None:
            if built.intent != path.stem:
                rules.problems.append(
                    document.problem(("intent",), f"should be '{path.stem}' in this file")
                )
            rules.intents.append(built)
    rules.limits = _list(LimitRule, root / "limits.yaml", root, rules)
    rules.traps = _list(TrapRule, root / "traps.yaml", root, rules)
    rules.things = _list(ThingRule, root / "everyday" / "things.yaml", root, rules)
    rules.states = _list(StateRule, root / "everyday" / "states.yaml", root, rules)
    whole = {
        "follow_ups": FollowUps,
        "ordinals": Ordinals,
        "confidence": Confidence,
        "clauses": Clauses,
    }
    whole["everyday/negations"] = Phrases
    for name, cls in whole.items():
        if (root / f"{name}.yaml").is_file():
            built = _built(cls, _document(root, root / f"{name}.yaml"), rules)
            if built is not None:
                setattr(rules, name.rpartition("/")[2], built)
    return rules


def _document(root: Path, path: Path) -> Document:
    return source.read(path, path.relative_to(root.parent).as_posix())


def _built(cls: type, document: Document, rules: Rules, value: Any = None, at: Any = ()) -> Any:
    before = len(document.problems)
    value = document.value if value is None else value
    built = shape.build(cls, document, value, at) if value is not None else None
    if len(document.problems) == before and built is not None:
        _check_cues(document, value, at)
    rules.problems += document.problems[0 if not at else before :]
    return built if len(document.problems) == before else None


def _check_cues(document: Document, value: Any, at: Any) -> None:
    for key, told in value.items():
        if key == "wants":
            for i, want in enumerate(told):
                _check_cues(document, want, (*at, key, i))
        if not isinstance(told, dict) or not set(told) <= set(LANGUAGES):
            continue
        for language, phrases in told.items():
            if not isinstance(phrases, list):
                continue
            for i, phrase in enumerate(phrases):
                try:
                    cues.expand(phrase)
                except cues.CueError as error:
                    place = (*at, key, language, i)
                    document.problems.append(document.problem(place, str(error)))


def _list(cls: type, path: Path, root: Path, rules: Rules) -> list[Any]:
    if not path.is_file():
        return []
    document = _document(root, path)
    rules.problems += document.problems
    values = document.value if isinstance(document.value, list) else []
    built = [_built(cls, document, rules, value, (i,)) for i, value in enumerate(values)]
    return [item for item in built if item is not None]


def confidence_yaml(confidence: Confidence) -> str:
    """The text of ``confidence.yaml``."""
    head = "# Written by `zhiwen eval questions FILE --fit`; how sure an answer is (0 to 100).\n"
    keys = ("answer", "guess", "offer", "base", "questions")
    lines = [f"{key}: {getattr(confidence, key)}\n" for key in keys]
    rows = [f"  - {{sign: {s.sign}, weight: {s.weight}}}\n" for s in confidence.signs]
    return "".join([head, *lines, "signs:\n", *rows])
