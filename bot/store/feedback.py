"""What is learnt from use: feedback, questions without a good answer, and daily counts.

None of it says who asked. Feedback knows the message it is about only as long as that is kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store import tables as t
from bot.store.database import NotFound, put, reading, writing

MAX_QUESTION = 500
MAX_VALUE = 80


@dataclass(frozen=True, slots=True)
class Feedback:
    """A thumb up or down, with the reason if one was given."""

    at: float
    question: str
    entry: str | None
    section: str
    good: bool
    reason: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was declined or only suggested to."""

    id: int
    at: float
    question: str
    language: str
    band: str
    near: tuple[str, ...]
    score: float


class FeedbackStore:
    """Reads and writes feedback, questions and counts."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def add(
        self,
        message: int | None,
        question: str,
        entry: str | None,
        section: str,
        good: bool,
        reason: str,
        language: str,
        version: str,
    ) -> None:
        """Keep a verdict on an answer; a second one on the same *message* replaces the first.

        *message* is the number under which the chat keeps it. Raises NotFound for one that is not
        kept.
        """
        values = {
            "at": self._clock(), "question": question[:MAX_QUESTION], "entry": entry,
            "section": section, "good": int(good), "reason": reason[:MAX_QUESTION],
            "language": language, "version": version,
        }  # fmt: skip
        try:
            with writing(self._engine) as db:
                if message is None:
                    db.execute(insert(t.feedback).values(values))
                else:
                    put(db, t.feedback, {"message": message}, values)
        except IntegrityError:
            raise NotFound(str(message)) from None

    def all(self, since: float = 0.0, most: int = 1_000) -> list[Feedback]:
        """Feedback, the newest first."""
        query = (
            select(t.feedback)
            .where(t.feedback.c.at >= since)
            .order_by(t.feedback.c.id.desc())
            .limit(most)
        )
        with reading(self._engine) as db:
            return [
                Feedback(
                    r.at,
                    r.question,
                    r.entry,
                    r.section,
                    bool(r.good),
                    r.reason,
                    r.language,
                    r.version,
                )
                for r in db.execute(query)
            ]

    def add_question(
        self,
        question: str,
        language: str,
        band: str,
        near: Iterable[str],
        score: float,
        version: str,
    ) -> None:
        """Keep a question that got no answer, without its asker."""
        values = {
            "at": self._clock(), "question": question[:MAX_QUESTION], "language": language,
            "band": band, "near": list(near), "score": score, "version": version,
        }  # fmt: skip
        with writing(self._engine, durable=False) as db:
            db.execute(insert(t.questions).values(values))

    def questions(self, since: float = 0.0, most: int = 2_000) -> list[Question]:
        """Open questions, the newest first."""
        query = (
            select(t.questions)
            .where(t.questions.c.at >= since, t.questions.c.settled.is_(None))
            .order_by(t.questions.c.id.desc())
            .limit(most)
        )
        with reading(self._engine) as db:
            return [
                Question(r.id, r.at, r.question, r.language, r.band, tuple(r.near), r.score)
                for r in db.execute(query)
            ]

    def settle(self, ids: Iterable[int]) -> None:
        """These questions have been dealt with."""
        with writing(self._engine) as db:
            db.execute(
                update(t.questions)
                .where(t.questions.c.id.in_(list(ids)))
                .values(settled=self._clock())
            )

    def count(self, tally: Mapping[tuple[str, str], int]) -> None:
        """Add to today's counts of (what, value): a band, a function, a language. All or nothing.

        In one order always, so that two processes do not wait for each other.
        """
        day = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC).date().isoformat()
        with writing(self._engine, durable=False) as db:
            for (what, value), by in sorted(tally.items()):
                key = {"day": day, "what": what, "value": value[:MAX_VALUE]}
                put(db, t.counts, key, {"count": by}, add="count")

    def counts(self, days: int = 30) -> list[tuple[str, str, str, int]]:
        """(day, what, value, count) of the last days, today among them; oldest first."""
        today = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC).date()
        first = (today - datetime.timedelta(days=days - 1)).isoformat()
        query = (
            select(t.counts)
            .where(t.counts.c.day >= first)
            .order_by(t.counts.c.day, t.counts.c.what, t.counts.c.value)
        )
        with reading(self._engine) as db:
            return [tuple(row) for row in db.execute(query)]
