"""Every situation in which an entry helps must be known, and shown by one of its examples."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge import shape
from knowledge.asking import Example
from knowledge.load import PRIMARY, Loaded
from knowledge.model import Entry
from knowledge.source import Problem
from rules.book import RuleBook
from rules.load import Rules
from rules.questions.frames import Frame, parse
from rules.questions.utterance import read


def known(loaded: Loaded, rules: Rules) -> Iterator[Problem]:
    """Things, states, intents and sections that the content names and nobody has written."""
    ids = {f"thing.{rule.thing}" for rule in rules.things}
    ids |= {f"state.{rule.state}" for rule in rules.states}
    intents = {rule.intent for rule in rules.intents}
    for entry in _active(loaded):
        sections = {field.key for field in shape.fields_of(type(entry))}
        document = loaded.documents[entry.id, PRIMARY]
        for i, help_ in enumerate(entry.helps):
            if help_.section not in sections:
                yield document.problem(("helps", i), f"there is no section '{help_.section}' here")
            for text in help_.when:
                frame = parse(entry.id, help_.section, text)
                strange = [id_ for id_ in _ids(frame) if id_ not in ids]
                strange += [f"intent {ask}" for ask in frame.asks if ask not in intents]
                if strange:
                    yield document.problem(("helps", i), f"'{text}': there is no {strange[0]}")


def proved(loaded: Loaded, book: RuleBook) -> Iterator[Problem]:
    """Situations that no example of their own entry shows, in any language."""
    for entry in _active(loaded):
        if not entry.helps:
            continue
        shown = [_shown(example.ask, lang, book) for lang, example in _examples(entry.id, loaded)]
        document = loaded.documents[entry.id, PRIMARY]
        for i, help_ in enumerate(entry.helps):
            for text in help_.when:
                frame = parse(entry.id, help_.section, text)
                if not any(_fits(frame, there, asks) for there, asks in shown):
                    yield document.problem(("helps", i), f"no example of this entry shows '{text}'")


def spared(loaded: Loaded, book: RuleBook) -> Iterator[Problem]:
    """Examples that a kind of ask that is not held would claim, did they not settle themselves."""
    for entry in _active(loaded):
        for language, told in loaded.texts[entry.id].items():
            document = loaded.documents[entry.id, language]
            for i, example in enumerate(told.examples):
                limits = read(example.ask, book, language).limits
                for limit in (e for e in limits if not book.limits[e.value].aside):
                    message = f"'{limit.text}' in an example is a cue of the limit {limit.value}"
                    yield document.problem(("examples", i), message)


def _active(loaded: Loaded) -> Iterator[Entry]:
    for told in loaded.texts.values():
        if told[PRIMARY].status == "active":
            yield told[PRIMARY]


def _examples(id_: str, loaded: Loaded) -> Iterator[tuple[str, Example]]:
    for language, entry in loaded.texts[id_].items():
        yield from ((language, example) for example in entry.examples)


def _shown(text: str, language: str, book: RuleBook) -> tuple[frozenset[str], frozenset[str]]:
    """The things and states of a text, and the intents that its cues show."""
    utterance = read(text, book, language)
    asks = frozenset(cue.value for cue in utterance.cues)
    return frozenset(s.id for s in utterance.situation), asks


def _fits(frame: Frame, there: frozenset[str], asks: frozenset[str]) -> bool:
    groups = (*frame.things, *frame.states)
    return all(group & there for group in groups) and (not frame.asks or bool(frame.asks & asks))


def _ids(frame: Frame) -> Iterator[str]:
    return (id_ for group in (*frame.things, *frame.states) for id_ in sorted(group))
