"""A posting in a message: its functions, the words, the flags; and the question that decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.model import (
    Action,
    Block,
    Bullets,
    Footnote,
    Heading,
    Judged,
    Outcome,
    Paragraph,
    Reply,
    Turn,
    pick,
)
from bot.postings.answer import Held, effective_answer, of_name
from bot.postings.model import Decided
from bot.postings.output import (
    answer_name,
    decided_line,
    duty_name,
    flag_lines,
    missing_names,
    name_of,
    said_text,
    years_text,
)
from bot.texts import say
from rules.postings import learn
from rules.postings.model import OUT_OF_SCOPE, Decision, Level, Verdict
from rules.postings.posting_rules import PostingRules
from rules.questions.model import Answer, Band

WORDS, ALL_WORDS = 6, 1_000
CODES, OPTIONS = 4, 5
DECIDED = "verdict"
"""The section of a choice that decides a posting's function."""


def posting(turn: Turn, verdict: Verdict) -> Outcome:
    """The reply to a pasted posting; what it offers to pick decides an open question."""
    rules, language = turn.book.pack, turn.language
    offered = tuple(choices(verdict, rules, language))
    prompt = say(language, "classify.question") if offered else ""
    reply = Reply(language, tuple(blocks(verdict, rules, language)), offered, prompt)
    entry: str | None = f"role.{verdict.function}"
    if verdict.function == OUT_OF_SCOPE or entry not in turn.book.base.languages:
        entry = None
    asked = bool(offered) or entry is None
    answer = Answer(
        Band.SUGGEST if offered else Band.ANSWER if entry else Band.DECLINE,
        "classify",
        None if asked else entry,
        "summary",
        max(verdict.shares.values(), default=0.0) / 100,
    )
    return Outcome(reply, replace(turn.chat, judged=to_judged(verdict, rules)), answer)


def to_judged(verdict: Verdict, rules: PostingRules) -> Judged:
    """What a correction of the verdict needs."""
    held = effective_answer(verdict, None, rules)
    options = [*held.tie, *list(verdict.shares)[1:], verdict.question and verdict.function]
    names = [of_name(name, "", rules).function for name in options if name]
    return Judged(
        verdict.stamp.input, held.name, held.decision, verdict.language, verdict.stamp.version,
        learn.fired_phrases(verdict), tuple(dict.fromkeys([*names[:OPTIONS], OUT_OF_SCOPE])),
    )  # fmt: skip


def choose_function(turn: Turn) -> Outcome:
    """The person has said which work is most of it: that decides."""
    rules, language = turn.book.pack, turn.language
    entry = turn.answer.entry or ""
    function = entry.partition(".")[2]
    name = name_of(function, rules, language)
    lines: list[Block] = [
        Heading(say(language, "classify.heading"), name),
        Paragraph(say(language, "classify.picked", function=name)),
    ]
    if function in rules.by_name:
        lines += [
            Paragraph(_function_reason(function, rules, language)),
            *codes(function, rules, language),
        ]
    known = entry in turn.book.base.languages
    answer = replace(turn.answer, entry=entry if known else None, section="summary")
    return Outcome(Reply(language, tuple(lines)), turn.chat, answer)


def blocks(
    verdict: Verdict,
    rules: PostingRules,
    language: str,
    every: bool = False,
    decided: Decided | None = None,
) -> Iterator[Block]:
    """A verdict to read; *every* word that counted, or the weightiest.

    What a person *decided* goes before what the rules say.
    """
    held = effective_answer(verdict, decided, rules)
    yield Heading(say(language, "classify.heading"), answer_name(held, rules, language))
    yield from result(verdict, rules, language, decided)
    if verdict.shares:
        shares = tuple(
            say(language, "classify.share", function=name_of(f, rules, language), share=f"{s:g}")
            for f, s in verdict.shares.items()
        )
        yield Bullets(shares, say(language, "classify.shares"))
    if verdict.evidence:
        yield Bullets(
            tuple(words(verdict, rules, language, ALL_WORDS if every else WORDS)),
            say(language, "classify.evidence"),
        )
    if not decided:
        yield from why_not(verdict, rules, language)
    flags = flag_lines(verdict, rules, language, held)
    if flags:
        yield Bullets(flags, say(language, "classify.oddities"))
    level = tuple(level_lines(verdict.level, language))
    if level:
        yield Bullets(level, say(language, "classify.level"))
    if not held.tie:
        yield from codes(held.function, rules, language)
    stamp = verdict.stamp
    yield Footnote(say(language, "classify.stamp", version=stamp.version, input=stamp.input))


def result(
    verdict: Verdict, rules: PostingRules, language: str, decided: Decided | None = None
) -> Iterator[Block]:
    """What was decided, by whom, and why."""
    held = effective_answer(verdict, decided, rules)
    if decided:
        yield Paragraph(decided_line(decided, rules, language))
        yield Paragraph(say(language, "classify.said", said=said_text(verdict, rules, language)))
    elif not verdict.scores:
        yield Paragraph(say(language, "classify.result_none"))
    else:
        yield Paragraph(_result(held, rules, language))
    if held.function in rules.by_name and not held.tie:
        yield Paragraph(_function_reason(held.function, rules, language))
    if verdict.told_apart and not decided:
        tell = rules.told_apart[verdict.told_apart.contest].tell.text_in(language)
        yield Paragraph(say(language, "classify.told_apart", tell=tell))


def _result(held: Held, rules: PostingRules, language: str) -> str:
    """The sentence of a verdict; where two are close together, that nothing is decided."""
    name = name_of(held.function, rules, language)
    decision = say(language, f"classify.decision.{held.decision}")
    if held.tie:
        first, second = (name_of(one, rules, language) for one in held.tie)
        return say(language, "classify.result.tie", first=first, second=second)
    if held.family:
        family = name_of(held.family, rules, language)
        return say(language, "classify.result_out", function=name, decision=decision, family=family)
    key = "classify.result" if held.decision == Decision.AUTO else "classify.result.review"
    return say(language, key, function=name, decision=decision)


def _function_reason(function: str, rules: PostingRules, language: str) -> str:
    why = rules.by_name[function].why
    return say(language, "classify.why", why=why.text_in(language))


def words(verdict: Verdict, rules: PostingRules, language: str, most: int) -> Iterator[str]:
    """The weightiest words for the verdict, then those of the runner-up."""
    winner = verdict.family or verdict.function
    own = [s for s in verdict.evidence if s.function == winner]
    rest = [s for s in verdict.evidence if s.function != winner]
    chosen = sorted(own, key=lambda s: (-s.weight, s.start))[:most]
    if most == ALL_WORDS:
        chosen += sorted(rest, key=lambda s: (s.function, -s.weight, s.start))
    lines: dict[tuple[str, str], str] = {}
    for signal in chosen:
        duty = duty_name(signal.function, signal.signal, rules, language)
        if signal.function != winner:
            duty = f"{name_of(signal.function, rules, language)} · {duty}"
        where = say(language, f"classify.where.{signal.where}")
        line = say(language, "classify.evidence_line", text=signal.text, where=where, duty=duty)
        lines.setdefault((signal.function, signal.text), line)
    return iter(lines.values())


def why_not(verdict: Verdict, rules: PostingRules, language: str) -> Iterator[Block]:
    """What the runner-up lacks, and how the two are told apart."""
    runner = verdict.runner_up
    if runner is None:
        return
    missing = missing_names(runner, rules, language)
    yield Paragraph(
        say(
            language,
            "classify.why_not",
            function=name_of(runner.function, rules, language),
            behind=f"{runner.behind:g}",
            missing=say(language, "list.comma").join(missing) or "\u2013",
        )
    )
    for one, other in (
        (verdict.function, runner.function),
        (runner.function, verdict.function),
    ):
        confusions = rules.by_name[one].confusions if one in rules.by_name else ()
        tell = next((c.tell for c in confusions if c.with_ == other), None)
        if tell:
            yield Paragraph(say(language, "classify.tell", tell=tell.text_in(language)))
            return


def level_lines(level: Level, language: str) -> Iterator[str]:
    """How senior the work is, as far as the posting says."""
    if level.rank:
        yield say(language, f"classify.rank.{level.rank}")
    if level.years:
        yield say(language, "classify.level.years", years=years_text(level))
    if level.people:
        yield say(language, "classify.level.people", people=level.people)


def codes(function: str, rules: PostingRules, language: str) -> Iterator[Block]:
    """The occupation in public classifications, with how well it matches."""
    listed = rules.crosswalk.get(function, ())
    if listed:
        lines = tuple(
            say(
                language,
                "classify.code",
                scheme=say(language, f"classify.scheme.{c.scheme}"),
                code=c.code,
                title=c.title,
                match=say(language, f"classify.match.{c.match}"),
                mark=c.mark,
            )
            for c in listed[:CODES]
        )
        yield Bullets(lines, say(language, "classify.codes"))


def choices(verdict: Verdict, rules: PostingRules, language: str) -> Iterator[Action]:
    """The functions one of which the person picks, each with its core duties."""
    for function in verdict.question:
        name = name_of(function, rules, language)
        rule = rules.by_name.get(function)
        duties = [d.duty for d in rule.duties if d.core][:2] if rule else []
        names = [duty_name(function, duty, rules, language) for duty in duties]
        listed = say(language, "list.comma").join(names)
        label = say(language, "classify.option", function=name, duties=listed) if listed else name
        yield pick(label, f"role.{function}", DECIDED)
