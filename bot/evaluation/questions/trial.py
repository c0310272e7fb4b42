"""Fitting the one confidence honestly: on one half, in folds, and what the half kept out gets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.evaluation.questions import weights
from bot.evaluation.questions.confidence import Cuts, Sample, cost, fit
from bot.evaluation.questions.judging import judge, run
from bot.evaluation.questions.model import Conversation, Judged, Verdict
from bot.evaluation.questions.rates import Rates
from bot.evaluation.questions.tables import Table
from rules.book import RuleBook
from rules.questions.decide import helpfulness
from rules.questions.model import Answer, Band, Candidate
from rules.weights import Confidence

FOLDS = 5
NO_LISTS = Confidence(0, 0, 0, 0, ())
NEVER = 10_000
"""A cut that no confidence reaches, in hundredths."""


@dataclass(frozen=True, slots=True)
class Line:
    """What cuts got on questions; None where every question has those of its own fold."""

    name: str
    cuts: Cuts | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The cuts of one half, and what they and those of the folds got."""

    cuts: Cuts
    lines: tuple[Line, ...]


def judge_first_messages(
    conversations: Iterable[Conversation], book: RuleBook, reached: bool
) -> list[Judged]:
    """The first message of each conversation, where everything is sure enough, or nothing."""
    first = [replace(c, turns=c.turns[:1]) for c in conversations]
    before, cut = book.confidence, 0 if reached else NEVER
    try:
        book.confidence = replace(before, answer=cut, guess=cut, offer=cut)
        return run(first, book)
    finally:
        book.confidence = before


def samples(conversations: Iterable[Conversation], book: RuleBook) -> list[Sample]:
    """How the first message of each conversation fares whatever is done with it; asks it twice.

    What comes out alike where everything is sure enough and where nothing is was not decided by
    its confidence.
    """
    first = list(conversations)
    both = (judge_first_messages(first, book, reached) for reached in (True, False))
    return [sample(one, other, book.confidence) for one, other in zip(*both, strict=True)]


def fit_weights(rows: Iterable[Judged], before: Confidence) -> Confidence:
    """The weights of all signs, from the half of the questions that is fitted on; cuts as before.

    *rows*: what `judge_first_messages` gave where everything is sure enough. Raises ValueError
    where nothing can be learned.
    """
    mine = [row for row in rows if half(row.key.say)]
    known = [row for row in mine if row.answer.signs]
    base, signs = weights.fit(
        [(dict(row.answer.signs), row.verdict is Verdict.RIGHT) for row in known]
    )
    list_base, list_signs = weights.fit([(dict(row.answer.signs), _helps(row)) for row in known])
    return replace(
        before, base=base, signs=signs, questions=len(mine),
        list_base=list_base, list_signs=list_signs,
    )  # fmt: skip


def _helps(row: Judged) -> bool:
    """Whether the first candidates help as a list: one does, or where nothing is held all do."""
    listed = judge(_as_list(row.answer), row.key, row.conversation.entries)
    return listed in (Verdict.RIGHT, Verdict.OFFERED, Verdict.DECLINED)


def sample(reached: Judged, missed: Judged, weighed: Confidence = NO_LISTS) -> Sample:
    """A question that was asked where everything reaches the cuts, and where nothing does.

    *weighed*: what was learned of lists.
    """
    answer, other = reached.answer, missed.answer
    question, refused = reached.key.say, missed.verdict
    if (answer.band, answer.entry, answer.guess) == (other.band, other.entry, other.guess):
        return Sample(question, answer.score, refused, refused, refused, refused)
    helps = None
    if answer.signs and weighed.list_signs:
        helps = helpfulness(weighed, dict(answer.signs), answer.score)
    if answer.band is not Band.ANSWER:
        listed = reached.verdict
        return Sample(question, answer.score, listed, listed, listed, refused, helps)
    plain, guess, listed = (
        judge(told, reached.key, reached.conversation.entries)
        for told in (replace(answer, guess=False), replace(answer, guess=True), _as_list(answer))
    )
    return Sample(question, answer.score, plain, guess, listed, refused, helps)


def _as_list(answer: Answer) -> Answer:
    """The same, offered and not told."""
    first = Candidate(answer.entry, answer.score, answer.section) if answer.entry else None
    others = (first, *answer.others) if first else answer.others
    return replace(
        answer, band=Band.SUGGEST, entry=None, section="", guess=False, others=others, also=()
    )


def trial(rows: Iterable[Sample], folds: int = FOLDS) -> Trial:
    """Fit on the half that the questions' hashes choose and see what the other half gets; then fit
    on all, for what goes to work.
    """
    rows = list(rows)
    mine = [row for row in rows if half(row.question)]
    kept = [row for row in rows if not half(row.question)]
    cuts, whole = fit(mine), fit(rows)
    lines = [*_folds(mine, folds), _line("the half fitted on", mine, cuts)]
    lines += [_line("the half kept out", kept, cuts), _line("all", rows, cuts)]
    lines.append(_line("all, fitted on all", rows, whole))
    return Trial(whole, tuple(lines))


def half(question: str) -> bool:
    """Whether a question belongs to the half that is fitted on; always the same."""
    return bool(_hash(question)[0] & 1)


def fold(question: str, folds: int) -> int:
    """The fold of a question, from 0; always the same, and nothing to do with its half."""
    return int.from_bytes(_hash(question)[1:9]) % folds


def _hash(question: str) -> bytes:
    return hashlib.sha256("".join(question.casefold().split()).encode()).digest()


def _folds(rows: list[Sample], folds: int) -> list[Line]:
    """Each fold with the cuts of the others, then all of them together."""
    lines = []
    for number in range(folds):
        here = [row for row in rows if fold(row.question, folds) == number]
        others = [row for row in rows if fold(row.question, folds) != number]
        lines.append(_line(f"fold {number + 1}", here, fit(others)))
    together = tuple(verdict for line in lines for verdict in line.verdicts)
    return [*lines, Line("folds together", None, together)]


def _line(name: str, rows: list[Sample], cuts: Cuts) -> Line:
    return Line(name, cuts, tuple(row.verdict_at(cuts) for row in rows))


def table(result: Trial) -> Table:
    """The trial as people read it: cuts, cost a question, rates."""
    rows = []
    for line in result.lines:
        c, count = line.cuts, len(line.verdicts)
        cuts = f"{c.answer}/{c.guess}/{c.offer}" if c else ""
        price = f"{cost(line.verdicts) / count:.3f}" if count else "-"
        rows.append((line.name, cuts, price, *Rates.from_verdicts(line.verdicts).cells()))
    head = ("", "answer/guess/offer", "cost", *Rates.HEAD)
    return Table("one confidence for all languages", head, tuple(rows))
