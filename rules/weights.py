"""What is learned from labelled questions, how much each sign counts, and its YAML."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.engine.marks import FieldName


@dataclass(frozen=True, slots=True)
class Sign:
    """How much a sign for or against an answer or an entry counts."""

    sign: FieldName
    weight: int


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an answer is, in hundredths, and from where on it is given; written by
    ``zhiwen eval questions --fit``."""

    answer: int
    """Hundredths of confidence from which on it is answered plainly."""
    guess: int
    """The same for a best guess, told as one."""
    offer: int
    """Hundredths of likelihood that a short list helps from which on one is offered."""
    base: int
    """What the confidence starts from, in hundredths; on it the signs are added."""
    signs: tuple[Sign, ...]
    questions: int = 0
    """On how many labelled questions it rests."""
    list_base: int = 0
    """The same as *base* for how likely a short list helps."""
    list_signs: tuple[Sign, ...] = ()
    """What speaks for a short list: the same signs, weighed for whether one of its choices helps;
    none: the confidence itself decides."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much each sign for an entry counts, in thousandths of a score; written by
    ``zhiwen eval ranking --fit``."""

    base: int
    """What a score starts from; on it the signs are added."""
    signs: tuple[Sign, ...]
    questions: int = 0
    """On how many examples it rests."""


def confidence_yaml(confidence: Confidence) -> str:
    """The text of ``confidence.yaml``."""
    head = "# Written by `zhiwen eval questions FILE --fit`; how sure an answer is (0 to 100).\n"
    keys = ("answer", "guess", "offer", "base", "list_base", "questions")
    return _yaml(head, confidence, keys) + _signs("list_signs", confidence.list_signs)


def ranking_yaml(ranking: Ranking) -> str:
    """The text of ``ranking.yaml``."""
    head = "# Written by `zhiwen eval ranking --fit`; what speaks for an entry, in thousandths.\n"
    return _yaml(head, ranking, ("base", "questions"))


def _yaml(head: str, weights: Confidence | Ranking, keys: tuple[str, ...]) -> str:
    lines = [f"{key}: {getattr(weights, key)}\n" for key in keys]
    return "".join([head, *lines]) + _signs("signs", weights.signs)


def _signs(key: str, signs: tuple[Sign, ...]) -> str:
    rows = [f"  - {{sign: {s.sign}, weight: {s.weight}}}\n" for s in signs]
    return "".join([f"{key}:\n", *rows]) if rows else ""
