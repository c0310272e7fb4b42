"""What to look at in a posting: its words, its title against its duties, what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rules.postings.evidence import Gathered
from rules.postings.laws import with_laws
from rules.postings.model import Flag, Posting, Signal
from rules.postings.posting_rules import PostingRules, are_neighbours

MIXED_SHARE = 30.0
"""Percent of the evidence from which on a second department makes a posting a mixed one."""
MIN_SHARE = 5.0
"""Percent under which a function is no part of the mixture."""
_LISTED = re.compile("[\u3001,\uff0c;]")
GENERAL = frozenset({"operations_management", "marketing_planning"})
"""The functions that the bare words "operations" and "marketing" name."""


def flags(
    posting: Posting,
    found: Gathered,
    function: str,
    language: str,
    rules: PostingRules,
) -> Iterator[Flag]:
    """Every flag, words first."""
    words = _words(posting, found, language, rules)
    yield from with_laws(words, posting, language, rules.markets, rules.laws)
    yield from _mismatch(found, rules)
    yield from _mixed_flag(found, rules)
    if not any(signal.where == "duties" for signal in found.signals):
        yield Flag("no_duties")
    elif function in rules.functions:
        core = [duty for duty in rules.by_name[function].duties if duty.core]
        if core and not any((function, duty.duty) in found.duties for duty in core):
            yield Flag("missing_core", values=tuple(duty.duty for duty in core))


def _words(posting: Posting, found: Gathered, language: str, rules: PostingRules) -> Iterator[Flag]:
    text = posting.description
    for kind, start, end in found.flags:
        yield Flag(kind, text[start:end], "description", start, end)
    for where, given, normalized in (
        ("title", posting.title, found.title),
        ("description", text, found.body),
    ):
        for rule in rules.patterns(language).worth_trying(normalized.text, language):
            for match in rule.pattern.finditer(normalized.text):
                start, end = normalized.span(*match.span())
                yield Flag(rule.flag, given[start:end], where, start, end)


def _mismatch(found: Gathered, rules: PostingRules) -> Iterator[Flag]:
    """The title names one function and the duties clearly describe another."""
    named = _weights(signal for signal in found.signals if signal.where == "title")
    described = _weights(signal for signal in found.signals if signal.where == "duties")
    if not named or not described or len(_LISTED.findall(found.title.text)) > 1:
        return  # a title that lists three jobs names none of them
    rule, most = rules.verdict.mismatch, max(named.values())
    titles = [name for name, weight in named.items() if weight * 100 >= most * rule.named]
    duties = max(described, key=lambda key: (described[key], key))
    if duties in titles or _is_general(titles, duties, rules):
        return
    if not rules.families.isdisjoint(titles):
        return  # a title of another trade, or one that may be, promises nothing of ours
    first, own = described[duties], max(described.get(name, 0.0) for name in titles)
    if duties in rules.families:
        enough, times = rule.other_enough, rule.other_times
        if own * 100 > rule.other_own:
            return
    elif any(_are_near(title, duties, rules) for title in titles):
        enough, times = rule.near_enough, rule.near_times
    else:
        enough, times = rule.enough, rule.times
    if first * 100 >= enough and first * 100 >= times * own:
        title = max(titles, key=lambda key: (named[key], key))
        words = next(s for s in found.signals if s.where == "title" and s.function == title)
        yield Flag("title_mismatch", words.text, "title", words.start, words.end, (title, duties))


def _are_near(title: str, duties: str, rules: PostingRules) -> bool:
    """Neighbours of one department, whose titles are often given for one another."""
    return rules.group.get(title) == rules.group.get(duties) and are_neighbours(
        title, duties, rules
    )


def _is_general(titles: Sequence[str], duties: str, rules: PostingRules) -> bool:
    """Whether the title says no more than "operations" or "marketing", as every one of them is."""
    return set(titles) <= GENERAL and rules.group.get(duties) in map(rules.group.get, titles)


def _mixed_flag(found: Gathered, rules: PostingRules) -> Iterator[Flag]:
    """Two departments hold a good part of the description each, whatever the title says."""
    described = _weights(signal for signal in found.signals if signal.where != "title")
    ours = {name: score for name, score in described.items() if name in rules.group}
    others = max((s for name, s in described.items() if name in rules.families), default=0.0)
    total = sum(ours.values()) + others
    first: dict[str, str] = {}
    whole: dict[str, float] = {}
    for function, score in sorted(ours.items(), key=lambda row: (-row[1], row[0])):
        if score * 100 >= MIN_SHARE * total:
            first.setdefault(rules.group[function], function)
            whole[rules.group[function]] = whole.get(rules.group[function], 0.0) + score
    large = [group for group, score in whole.items() if score * 100 >= MIXED_SHARE * total]
    if len(large) > 1:
        yield Flag("mixed", values=tuple(first[group] for group in large))


def _weights(signals: Iterable[Signal]) -> dict[str, float]:
    """The weights of *signals* added up by function."""
    told: dict[str, float] = {}
    for signal in signals:
        told[signal.function] = told.get(signal.function, 0.0) + signal.weight
    return told
