"""YAML -> intents, limits, traps, ordinals, confidence and more; all shape problems collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.engine import shape, source
from knowledge.engine.marks import FieldName
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import Document, Problem
from rules import cues
from rules.cues import NO_PHRASES, Phrases
from rules.follow_ups import FollowUps, Ordinals

ROOT = Path(__file__).parent


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
    whole: Phrases = NO_PHRASES
    """Further cues that count only where they are the whole message."""


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
class Clauses:
    """Words that begin a further question in the same message."""

    connectors: Phrases


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
    documents: dict[str, Document] = field(default_factory=dict)
    """Intent -> its file, by which a problem names its line."""
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
            rules.documents[built.intent] = document
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
