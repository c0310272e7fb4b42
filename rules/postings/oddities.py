"""What is odd about a posting: its words, its title against its duties, what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.postings.evidence import Gathered
from rules.postings.model import Oddity, Posting, Signal
from rules.postings.pack import Pack

MIXED_SHARE = 30.0
"""Percent of the evidence from which on a second department makes a posting a mixed one."""
MIN_SHARE = 5.0
"""Percent under which a function is no part of the mixture."""
MISMATCH = 2.0
"""How many times the evidence of the title's function the duties' first one must have."""
ENOUGH = 6.0
"""Evidence from duties under which a title is not contradicted."""


def oddities(
    posting: Posting,
    found: Gathered,
    function: str,
    language: str,
    pack: Pack,
) -> Iterator[Oddity]:
    """Everything odd, words first."""
    yield from _words(posting, found, language, pack)
    yield from _mismatch(found, pack)
    yield from _mixed(found, pack)
    if not any(signal.where == "duties" for signal in found.signals):
        yield Oddity("no_duties")
    elif function in pack.functions:
        core = [duty for duty in pack.rules[function].duties if duty.core]
        if core and not any((function, duty.duty) in found.duties for duty in core):
            yield Oddity("missing_core", values=tuple(duty.duty for duty in core))


def _words(posting: Posting, found: Gathered, language: str, pack: Pack) -> Iterator[Oddity]:
    text = posting.description
    for kind, start, end in found.odd:
        yield Oddity(kind, text[start:end], "description", start, end)
    for where, given, flat in (
        ("title", posting.title, found.title),
        ("description", text, found.body),
    ):
        for odd in pack.patterns(language).odd:
            if any(word in flat.text for word in odd.words):
                for match in odd.pattern.finditer(flat.text):
                    start, end = flat.span(*match.span())
                    yield Oddity(odd.oddity, given[start:end], where, start, end)


def _mismatch(found: Gathered, pack: Pack) -> Iterator[Oddity]:
    """The title names one function and the duties clearly describe another."""
    named = _weights(signal for signal in found.signals if signal.where == "title")
    described = _weights(signal for signal in found.signals if signal.where == "duties")
    if not named or not described:
        return
    title = max(named, key=lambda key: (named[key], key))
    duties = max(described, key=lambda key: (described[key], key))
    apart = duties != title and not {title, duties} <= pack.families
    if (
        apart
        and described[duties] >= ENOUGH
        and described[duties] >= MISMATCH * described.get(title, 0.0)
    ):
        words = next(s for s in found.signals if s.where == "title" and s.function == title)
        yield Oddity("title_mismatch", words.text, "title", words.start, words.end, (title, duties))


def _mixed(found: Gathered, pack: Pack) -> Iterator[Oddity]:
    """Two departments hold a good part of the description each, whatever the title says."""
    described = _weights(signal for signal in found.signals if signal.where != "title")
    ours = {name: score for name, score in described.items() if name in pack.group}
    others = max((s for name, s in described.items() if name in pack.families), default=0.0)
    total = sum(ours.values()) + others
    first: dict[str, str] = {}
    whole: dict[str, float] = {}
    for function, score in sorted(ours.items(), key=lambda row: (-row[1], row[0])):
        if score * 100 >= MIN_SHARE * total:
            first.setdefault(pack.group[function], function)
            whole[pack.group[function]] = whole.get(pack.group[function], 0.0) + score
    large = [group for group, score in whole.items() if score * 100 >= MIXED_SHARE * total]
    if len(large) > 1:
        yield Oddity("mixed", values=tuple(first[group] for group in large))


def _weights(signals: Iterable[Signal]) -> dict[str, float]:
    """The weights of *signals* added up by function."""
    told: dict[str, float] = {}
    for signal in signals:
        told[signal.function] = told.get(signal.function, 0.0) + signal.weight
    return told
