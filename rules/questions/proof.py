"""Every situation in which an entry helps must be known, and shown by one of its examples."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.engine import shape
from knowledge.engine.asking import Example
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import Entry, Faq
from knowledge.engine.normal import compact_text
from knowledge.engine.source import Problem
from rules.book import RuleBook
from rules.load import Rules
from rules.questions.frames import Frame, parse
from rules.questions.model import Utterance
from rules.questions.utterance import read

Shown = tuple[frozenset[str], frozenset[str]]
"""Things and states, and intents."""


def unknown_names(loaded: Loaded, rules: Rules) -> Iterator[Problem]:
    """Things, states, intents and sections that the content names and nobody has written."""
    ids = {f"thing.{rule.thing}" for rule in rules.things}
    ids |= {f"state.{rule.state}" for rule in rules.states}
    intents = {rule.intent for rule in rules.intents}
    for entry in _active_entries(loaded):
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


def unproved_situations(
    loaded: Loaded, book: RuleBook, touched: frozenset[str] | None = None
) -> Iterator[Problem]:
    """Situations that no example of their own entry shows, in any language; and examples that a
    kind of ask that is not held would claim, did they not settle themselves.

    An organization may answer what is not held by us. *touched*: the entries that have changed
    since there was no problem, None for all; others count where they use a name of these.
    """
    names = _names(touched, book)
    for entry in _active_entries(loaded):
        ours = not (entry.id in loaded.own and isinstance(entry, Faq))
        if not (ours or entry.helps):
            continue
        if touched is not None and not _concerns(entry, loaded, touched, names):
            continue
        shown = []
        for language, i, example in _examples(entry.id, loaded):
            utterance = read(example.ask, book, language, exact=True)
            shown.append(_recognized(utterance))
            for limit in utterance.limits:
                if ours and not book.limits[limit.value].aside:
                    message = f"'{limit.text}' in an example is a cue of the limit {limit.value}"
                    document = loaded.documents[entry.id, language]
                    yield document.problem(("examples", i), message)
        yield from _unshown_helps(entry, shown, loaded)


def _names(touched: frozenset[str] | None, book: RuleBook) -> list[str]:
    """What may name one of these entries, in compact text."""
    return [name for id_ in sorted(touched or ()) for name in book.literals(id_)]


def _concerns(entry: Entry, loaded: Loaded, touched: frozenset[str], names: list[str]) -> bool:
    """Whether an entry is one of those *touched*, or has an example with a name of one."""
    if entry.id in touched:
        return True
    asked = (compact_text(example.ask) for _, _, example in _examples(entry.id, loaded))
    return any(name in text for text in asked for name in names)


def _unshown_helps(entry: Entry, shown: list[Shown], loaded: Loaded) -> Iterator[Problem]:
    document = loaded.documents[entry.id, PRIMARY]
    for i, help_ in enumerate(entry.helps):
        for text in help_.when:
            frame = parse(entry.id, help_.section, text)
            if not any(_fits(frame, there, asks) for there, asks in shown):
                yield document.problem(("helps", i), f"no example of this entry shows '{text}'")


def _active_entries(loaded: Loaded) -> Iterator[Entry]:
    for told in loaded.texts.values():
        if told[PRIMARY].status == "active":
            yield told[PRIMARY]


def _examples(id_: str, loaded: Loaded) -> Iterator[tuple[str, int, Example]]:
    for language, entry in loaded.texts[id_].items():
        yield from ((language, i, example) for i, example in enumerate(entry.examples))


def _recognized(utterance: Utterance) -> Shown:
    """The things and states of a message, and the intents that its cues show."""
    asks = frozenset(cue.value for cue in utterance.cues)
    return frozenset(s.id for s in utterance.situation), asks


def _fits(frame: Frame, there: frozenset[str], asks: frozenset[str]) -> bool:
    groups = (*frame.things, *frame.states)
    return all(group & there for group in groups) and (not frame.asks or bool(frame.asks & asks))


def _ids(frame: Frame) -> Iterator[str]:
    return (id_ for group in (*frame.things, *frame.states) for id_ in sorted(group))
