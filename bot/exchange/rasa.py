"""Rasa's training data: intents with examples (``nlu``) and what is said (``responses``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.exchange.markdown_text import escape
from bot.exchange.model import Found, Note, Pair
from bot.postings.encoding import display_name
from knowledge.engine import source
from knowledge.engine.insert import scalar
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import Document

FAQ = "faq"
"""The retrieval intent under which our own are written."""
_ENTITY = re.compile(
    r"(?<!\\)\[(?P<group>[^\[\]]+)\](?:\((?P<name>[^()\s]+)\)|(?P<about>\{[^{}]*\}))"
    r"(?:\[[^\[\]]*\])?"
)
_SLOT = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_BULLET = re.compile(r"^\s*-\s?", re.M)


def read(path: Path, answers: Path | None) -> Found:
    """The pairs of an ``nlu.yml``; answers from the same file or from a domain.

    Raises BadInput, OSError.
    """
    document, left = _document(path, ("nlu", "responses"))
    told = [(document, display_name(path))]
    if answers is not None:
        domain, more = _document(answers, ("responses",))
        told.append((domain, display_name(answers)))
        left += more
    intents = document.value.get("nlu")
    if not isinstance(intents, list):
        raise BadInput(f"{display_name(path)}: no list 'nlu' with intents in it")
    responses = {k: v for one, _ in told for k, v in _mapping(one.value.get("responses")).items()}
    if not responses:
        raise BadInput(
            f"{display_name(path)}: no answers; give the file with the responses:"
            " --answers domain.yml"
        )
    slots = set(_mapping(told[-1][0].value.get("slots")))
    pairs: list[Pair] = []
    for i, intent in enumerate(intents):
        if not isinstance(intent, dict) or "intent" not in intent:
            continue  # synonyms, lookup tables, regular expressions
        place = f"{display_name(path)}:{document.line(('nlu', i))}"
        made = _pair(place, intent, responses, slots)
        if isinstance(made, Note):
            left.append(made)
        else:
            pairs.append(made)
    return Found(tuple(pairs), tuple(left))


def from_markdown(
    path: Path, intents: Sequence[tuple[int, str, list[str]]], answers: Path | None
) -> Found:
    """The pairs of training data of Rasa 1, whose answers stand in a domain. Raises BadInput."""
    if answers is None:
        raise BadInput(
            f"{display_name(path)}: intents without answers (Rasa 1);"
            " give the file with the responses: --answers domain.yml"
        )
    domain, left = _document(answers, ("responses", "templates"))
    told = _mapping(domain.value.get("responses")) or _mapping(domain.value.get("templates"))
    slots = set(_mapping(domain.value.get("slots")))
    pairs: list[Pair] = []
    for line, name, examples in intents:
        intent = {"intent": name, "examples": [{"text": example} for example in examples]}
        made = _pair(f"{display_name(path)}:{line}", intent, told, slots)
        if isinstance(made, Note):
            left.append(made)
        else:
            pairs.append(made)
    return Found(tuple(pairs), tuple(left))


def _document(path: Path, keys: tuple[str, ...]) -> tuple[Document, list[Note]]:
    """A file of theirs, and what could not be read below those *keys*.

    Our reader is stricter than Rasa's; what stands elsewhere does not matter here.
    """
    document = source.read(path, display_name(path))
    if not isinstance(document.value, dict):
        if document.problems:
            raise BadInput(str(document.problems[0]))
        raise BadInput(f"{display_name(path)}: no keys such as 'nlu' and 'responses' in it")
    starts = sorted((document.line((key,)), key) for key in document.value)
    left = []
    for problem in document.problems:
        within = [key for line, key in starts if line <= problem.line]
        if within and within[-1] in keys:
            left.append(Note(f"{problem.file}:{problem.line}", problem.message))
    return document, left


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _pair(
    place: str, intent: dict[str, Any], responses: dict[str, Any], slots: set[str]
) -> Pair | Note:
    name = str(intent["intent"])
    about = _mapping(intent.get("metadata"))
    questions = tuple(_examples(intent.get("examples")))
    answer = _answer(responses.get(f"utter_{name}"))
    if not questions:
        return Note(place, f"intent {name}: no question")
    if answer is None:
        return Note(place, f"intent {name}: no answer (no text under utter_{name})")
    filled = [slot for slot in _SLOT.findall(answer) if slot in slots]
    if filled:
        return Note(place, f"intent {name}: its answer needs the slot '{filled[0]}'")
    title, language = about.get("title"), about.get("language")
    ours = about.get("zhiwen") is True
    slug = name.removeprefix(f"{FAQ}/")
    return Pair(
        place, questions, answer, slug, title if isinstance(title, str) else None,
        language if language in LANGUAGES else None, ours,
    )  # fmt: skip


def _examples(value: Any) -> Iterator[str]:
    """The questions, from a text with a dash before each or a list with a ``text`` in each."""
    if isinstance(value, str):
        told = [line for line in _BULLET.sub("", value).split("\n")]
    elif isinstance(value, list):
        items = (item.get("text") if isinstance(item, dict) else item for item in value)
        told = [_BULLET.sub("", item) for item in items if isinstance(item, str)]
    else:
        told = []
    for line in told:
        if question := _strip_entities(line).strip():
            yield question


def _strip_entities(line: str) -> str:
    return _ENTITY.sub(lambda found: found["group"], line).replace("\\[", "[")


def _answer(value: Any) -> str | None:
    """The first text; one for all channels and without conditions goes before others."""
    variants = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    texts = [one for one in variants if isinstance(one.get("text"), str) and one["text"].strip()]
    texts.sort(key=lambda one: "channel" in one or "condition" in one)
    return texts[0]["text"] if texts else None


def write(pairs: Sequence[Pair]) -> bytes:
    """One file with ``nlu`` and ``responses``, which Rasa takes as training data."""
    lines = ['version: "3.1"', "nlu:"]
    for pair in pairs:
        lines += [f"- intent: {FAQ}/{pair.id}", *_metadata_lines(pair), "  examples: |"]
        lines += (f"    - {_escape(question)}" for question in pair.questions)
    lines.append("responses:")
    for pair in pairs:
        lines += [f"  utter_{FAQ}/{pair.id}:", f"  - text: {_text(escape(pair.answer))}"]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _metadata_lines(pair: Pair) -> Iterator[str]:
    yield "  metadata:"
    yield "    zhiwen: true"
    if pair.title:
        yield f"    title: {scalar(pair.title)}"
    if pair.language:
        yield f"    language: {pair.language}"


def _escape(question: str) -> str:
    r"""A question that holds what Rasa would take for an entity; a backslash keeps it apart."""
    return question if _strip_entities(question) == question else question.replace("[", "\\[")


def _text(answer: str) -> str:
    return json.dumps(answer, ensure_ascii=False) if "\n" in answer else scalar(answer)
