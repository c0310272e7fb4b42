"""YAML -> intents, limits, false friends, ordinals and more; all shape problems collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from knowledge.engine import shape, source
from knowledge.engine.marks import FieldName
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import Document, Problem
from rules import cues
from rules.cues import NO_PHRASES, Phrases
from rules.follow_ups import FollowUps, Ordinals
from rules.task_rules import SharedWork, TaskRule
from rules.weights import Confidence, Ranking

ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A short text in each language; ja and ko may fall back to en."""

    zh: str
    en: str
    ja: str | None = None
    ko: str | None = None

    def text_in(self, language: str) -> str:
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
    talk: Literal["", "reply", "move"] = ""
    """Of an intent about the conversation itself, which counts only when nothing else is asked:
    a skill of the bot replies to it, or it moves from the last answer to another."""
    alone: bool = False
    """Whether its cues count only where they are the whole message."""
    whole: Phrases = NO_PHRASES
    """Further cues that count only where they are the whole message."""
    told_by: tuple[str, ...] = ()
    """Entries that tell it, the broadest first: of them the one about the thing that is named."""
    scene: tuple[FieldName, ...] = ()
    """Limits whose words merely set the scene of what is asked: "in an interview"."""


@dataclass(frozen=True, slots=True)
class Lead:
    """An entry that tells how to find out what a kind of ask wants and nothing here holds."""

    entry: str
    section: FieldName
    asked_by: Phrases = NO_PHRASES
    """Words that ask for just that: then it is told, and the kind named as missing."""
    offered: bool = False
    """Whether every other refusal of this kind offers it."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A subject on the edge of ours that is openly not covered."""

    limit: FieldName
    label: LocalizedText
    cues: Phrases
    unless: Phrases = NO_PHRASES
    """Longer phrases in which a cue means something that is held."""
    aside: bool = False
    """Whether its words may merely set the scene: a clinic asks about its posts, too."""
    often_held: bool = False
    """Whether what is asked so is held as often as not: "should we answer a bad review" is."""
    alone: bool = False
    """Whether its words count only where nothing of ours is spoken of: who is tired of followers
    that do not buy asks about them."""
    not_beside: tuple[FieldName, ...] = ()
    """Intents beside whose cues its words say nothing: who writes a text asks for no text."""
    of_things: bool = True
    """Whether it is asked of a thing, as its price is, and not of something else beside it."""
    leads_to: tuple[Lead, ...] = ()
    """What a refusal of this kind leads to."""
    instead: LocalizedText | None = None
    """Who or what tells instead, as a sentence; it stands behind a refusal of this kind."""


@dataclass(frozen=True, slots=True)
class FalseFriendRule:
    """Phrases that share a word with us and mean something else."""

    false_friend: FieldName
    why: LocalizedText
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
    """Words that part a message with several questions in it."""

    connectors: Phrases
    """They begin a further question."""
    joins: Phrases = field(default_factory=Phrases)
    """They join two things that are asked of one: "duties and salary"."""
    questions: Phrases = field(default_factory=Phrases)
    """They make a clause a question."""


@dataclass(slots=True)
class Rules:
    """All rules as read."""

    intents: list[IntentRule] = field(default_factory=list)
    limits: list[LimitRule] = field(default_factory=list)
    false_friends: list[FalseFriendRule] = field(default_factory=list)
    things: list[ThingRule] = field(default_factory=list)
    states: list[StateRule] = field(default_factory=list)
    negations: Phrases = NO_PHRASES
    follow_ups: FollowUps = field(default_factory=lambda: FollowUps(Phrases(), Phrases()))
    clauses: Clauses = field(default_factory=lambda: Clauses(Phrases()))
    ordinals: Ordinals = field(default_factory=lambda: Ordinals("", ()))
    confidence: Confidence = field(default_factory=lambda: Confidence(55, 45, 30, 0, ()))
    ranking: Ranking = field(default_factory=lambda: Ranking(0, ()))
    tasks: list[TaskRule] = field(default_factory=list)
    shared_work: list[SharedWork] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    """Intent -> its file, by which a problem names its line."""
    problems: list[Problem] = field(default_factory=list)


def paths(root: Path = ROOT) -> list[Path]:
    """Every file that `load` reads."""
    singles = [
        "limits",
        "false_friends",
        "follow_ups",
        "ordinals",
        "confidence",
        "ranking",
        "clauses",
    ]
    singles += ["tasks", "shared_work"]
    singles += ["everyday/things", "everyday/states", "everyday/negations"]
    return [*sorted((root / "intents").glob("*.yaml")), *(root / f"{n}.yaml" for n in singles)]


def load(root: Path = ROOT) -> Rules:
    """Read all rules below *root*; problems are in the result."""
    rules = Rules()
    for path in sorted((root / "intents").glob("*.yaml")):
        document = _document(root, path)
        built = _build(IntentRule, document, rules)
        if built is not None:
            if built.intent != path.stem:
                rules.problems.append(
                    document.problem(("intent",), f"should be '{path.stem}' in this file")
                )
            rules.intents.append(built)
            rules.documents[built.intent] = document
    rules.limits = _list(LimitRule, root / "limits.yaml", root, rules)
    rules.false_friends = _list(FalseFriendRule, root / "false_friends.yaml", root, rules)
    rules.things = _list(ThingRule, root / "everyday" / "things.yaml", root, rules)
    rules.states = _list(StateRule, root / "everyday" / "states.yaml", root, rules)
    rules.tasks = _list(TaskRule, root / "tasks.yaml", root, rules)
    rules.shared_work = _list(SharedWork, root / "shared_work.yaml", root, rules)
    whole = {
        "follow_ups": FollowUps,
        "ordinals": Ordinals,
        "confidence": Confidence,
        "ranking": Ranking,
        "clauses": Clauses,
    }
    whole["everyday/negations"] = Phrases
    for name, cls in whole.items():
        if (root / f"{name}.yaml").is_file():
            built = _build(cls, _document(root, root / f"{name}.yaml"), rules)
            if built is not None:
                setattr(rules, name.rpartition("/")[2], built)
    return rules


def _document(root: Path, path: Path) -> Document:
    return source.read(path, path.relative_to(root.parent).as_posix())


def _build(cls: type, document: Document, rules: Rules, value: Any = None, at: Any = ()) -> Any:
    before = len(document.problems)
    value = document.value if value is None else value
    built = shape.build(cls, document, value, at) if value is not None else None
    if len(document.problems) == before and built is not None:
        _check_cues(document, value, at)
    rules.problems += document.problems[0 if not at else before :]
    return built if len(document.problems) == before else None


def _check_cues(document: Document, value: Any, at: Any) -> None:
    for key, told in value.items():
        if key in ("wants", "leads_to"):
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
    built = [_build(cls, document, rules, value, (i,)) for i, value in enumerate(values)]
    return [item for item in built if item is not None]
