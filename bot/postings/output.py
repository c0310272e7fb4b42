"""A result as the columns of a table, and in sentences."""

from __future__ import annotations

import datetime

from bot.postings.answer import Held, decision_text, effective_answer
from bot.postings.model import Decided, Result
from bot.texts import say
from rules.postings.model import OUT_OF_SCOPE, Flag, Level, Posting, RunnerUp, Verdict
from rules.postings.posting_rules import PostingRules

COLUMNS = (
    "function", "function_name", "family", "decision", "shares", "runner_up", "words", "oddities",
    "rank", "years", "people", "codes", "version", "problem", "decided", "reason", "said",
    "said_name",
)  # fmt: skip
"""What we add to a table, in this order; ``classify.column.*`` names them."""
MAX_TITLE = 120
"""Characters of the name of a posting in a list."""
WORDS = 8
MISSING = 3
OF_FUNCTION = ("missing_core", "no_duties")
"""Flags that are about the function of the verdict."""
SPOKEN = ("named", "experience", "contest")
"""Signals that are no duties."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A cell that begins like this could be run by a spreadsheet."""


def name_of(function: str | None, rules: PostingRules, language: str) -> str:
    """What people call a function or family."""
    if not function:
        return ""
    if function == OUT_OF_SCOPE:
        return say(language, "classify.out_of_scope")
    name = rules.by_name[function].name
    return name.text_in(language)


def job_title(posting: Posting) -> str:
    """What a posting is called in a list: its title, else the beginning of its first line."""
    return posting.title.strip() or posting.description.strip().partition("\n")[0][:MAX_TITLE]


def duty_name(function: str, duty: str, rules: PostingRules, language: str) -> str:
    """What people call a group of duties."""
    if duty == "title":
        return say(language, "classify.where.title")
    if duty in SPOKEN:
        return say(language, f"classify.signal.{duty}")
    name = next(d.name for d in rules.by_name[function].duties if d.duty == duty)
    return name.text_in(language)


def shares_text(verdict: Verdict, rules: PostingRules, language: str) -> str:
    """The shares as people read them: ``60 % content operations, 25 % …``."""
    parts = (f"{name_of(f, rules, language)} {s:g}%" for f, s in verdict.shares.items())
    return say(language, "list.comma").join(parts)


def flag_text(flag: Flag, verdict: Verdict, rules: PostingRules, language: str) -> str:
    """One sentence about a flag."""
    if flag.kind == "missing_core":
        names = [duty_name(verdict.function, duty, rules, language) for duty in flag.values]
    elif flag.kind in ("cut", "several_openings"):
        names = list(flag.values)
    else:
        names = [name_of(value, rules, language) for value in flag.values]
    told = say(language, "list.comma").join(names)
    first, last = (names[0], names[-1]) if names else ("", "")
    sentence = say(
        language, f"classify.odd.{flag.kind}", text=flag.text, names=told, first=first, last=last
    )
    if not flag.laws:
        return sentence
    laws = say(language, "list.comma").join(f"{law.law} {law.article}" for law in flag.laws)
    market = say(language, f"classify.market.{flag.laws[0].market}")
    law = say(language, "classify.law", market=market, laws=laws, checked=flag.laws[0].checked)
    return say(language, "classify.law.beside", first=sentence, last=law)


def flag_lines(
    verdict: Verdict, rules: PostingRules, language: str, held: Held | None = None
) -> tuple[str, ...]:
    """A sentence for each flag; what is about another function than the one *held* is left out."""
    other = held is not None and held.name not in (verdict.function, verdict.family)
    told = (
        flag_text(flag, verdict, rules, language)
        for flag in verdict.flags
        if not (other and flag.kind in OF_FUNCTION)
    )
    return tuple(dict.fromkeys(told))


def missing_names(runner: RunnerUp, rules: PostingRules, language: str) -> list[str]:
    """The first duties of the runner-up that the posting never mentions."""
    return [duty_name(runner.function, duty, rules, language) for duty in runner.missing[:MISSING]]


def cells(result: Result, rules: PostingRules, language: str) -> dict[str, str]:
    """Our columns for one row, in order; all text.

    Function and decision are what holds: a person's, where one decided. What the rules said stands
    in columns of its own.
    """
    verdict, problem = result.verdict, result.row.problem
    if verdict is None:
        told = problem.message(language) if problem else ""
        return dict.fromkeys(COLUMNS, "") | {"problem": told}
    decided, level = result.row.decided, verdict.level
    held = effective_answer(verdict, decided, rules)
    return {
        "function": held.function,
        "function_name": name_of(held.function, rules, language),
        "family": name_of(held.family, rules, language),
        "decision": decision_text(held.decision, language),
        "shares": shares_text(verdict, rules, language),
        "runner_up": name_of(_next_to(held, verdict), rules, language),
        "words": say(language, "list.comma").join(_words(held, verdict)),
        "oddities": " ".join(flag_lines(verdict, rules, language, held)),
        "rank": say(language, f"classify.rank.{level.rank}") if level.rank else "",
        "years": years_text(level),
        "people": str(level.people or ""),
        "codes": "; ".join(f"{c.scheme} {c.code}" for c in rules.crosswalk.get(held.function, ())),
        "version": verdict.stamp.version,
        "problem": "",
        "decided": name_of(decided.function, rules, language) if decided else "",
        "reason": decided_text(decided, language) if decided else "",
        "said": verdict.family or verdict.function,
        "said_name": said_text(verdict, rules, language),
    }


def _next_to(held: Held, verdict: Verdict) -> str | None:
    """The best that is not the answer."""
    said = verdict.family or verdict.function
    if held.name not in (said, verdict.function):
        return said
    return verdict.runner_up.function if verdict.runner_up else None


def _words(held: Held, verdict: Verdict) -> list[str]:
    """The weightiest words for the answer."""
    own = (s for s in verdict.evidence if s.function in (held.function, held.family))
    return list(dict.fromkeys(s.text for s in sorted(own, key=lambda s: -s.weight)))[:WORDS]


def said_text(verdict: Verdict, rules: PostingRules, language: str) -> str:
    """What the rules said, and how sure of it they were."""
    held = effective_answer(verdict, None, rules)
    return say(
        language, "classify.said.name", function=name_of(held.name, rules, language),
        decision=decision_text(held.decision, language),
    )  # fmt: skip


def answer_name(held: Held, rules: PostingRules, language: str) -> str:
    """What holds, as a heading: the function, or both of those between which nothing is decided."""
    if held.tie:
        first, second = (name_of(name, rules, language) for name in held.tie)
        return say(language, "classify.tie.name", first=first, second=second)
    return name_of(held.function, rules, language)


def decided_line(decided: Decided, rules: PostingRules, language: str) -> str:
    """One sentence about a decision."""
    name, why = name_of(decided.function, rules, language), decided_text(decided, language)
    return say(language, "classify.decided.line", function=name, why=why)


def decided_text(decided: Decided, language: str) -> str:
    """Why somebody decided so, who and when."""
    day = datetime.datetime.fromtimestamp(decided.at, datetime.UTC).date().isoformat()
    key = "classify.decided.why" if decided.reason else "classify.decided.by"
    return say(language, key, reason=decided.reason, by=decided.by, day=day)


def years_text(level: Level) -> str:
    """Years asked for: ``3–5`` or ``3+``."""
    if level.years is None:
        return ""
    low, high = level.years
    return f"{low}\u2013{high}" if high else f"{low}+"


def defuse(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
