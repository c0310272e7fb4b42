"""What a proposal would do, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from bot.insights.proposals import Proposal
from bot.texts import say
from rules.proposal import Shift


def lines(made: Proposal, language: str) -> Iterator[str]:
    """The verdict, then every problem and every question whose answer changes."""
    yield verdict(made, language)
    for problem in (*made.trial.problems, *made.trial.failing):
        yield f"  {problem}"
    for shift in made.trial.shifts:
        yield f"  {shift_line(shift, language)}"


def verdict(made: Proposal, language: str) -> str:
    """One sentence on whether the content would still pass the check."""
    trial = made.trial
    if any(problem.level == "error" for problem in trial.problems) or not trial.examined:
        return say(language, "proposal.broken", count=len(trial.problems) + trial.unseen)
    if not trial.passes_check:
        count = len(trial.failing) + len(trial.problems) + trial.unseen
        return say(language, "proposal.fails", count=count, examined=trial.examined)
    gained = sum(shift.is_gained for shift in trial.shifts)
    return say(language, "proposal.fine", examined=trial.examined, gained=gained)


def shift_line(shift: Shift, language: str) -> str:
    """A question, what it gets now and what it would get."""
    now = band_sentence(shift.band, shift.entry, language)
    then = band_sentence(shift.new_band, shift.new_entry, language)
    return say(language, "proposal.shift", question=shift.question, now=now, then=then)


def band_sentence(band: str, entry: str, language: str) -> str:
    """A band, with the entry if one answers."""
    told = say(language, f"band.{band}")
    return say(language, "proposal.got", band=told, entry=entry) if entry else told
