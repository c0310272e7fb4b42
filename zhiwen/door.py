"""`open` and what it gives: a thin door over the commands' own parts, loaded when first used."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES
from zhiwen.answers import Answer, answer_of
from zhiwen.verdicts import Key, Language, Posting, Unusable, Verdict, verdict_of

if TYPE_CHECKING:
    from bot.postings.model import Row
    from rules.book import RuleBook

BATCH = "batch"
UNSAID: Any = None


class Chat:
    """A conversation: a question may lean on those before, and a number picks a choice.

    Kept in memory only. Not for several threads at once; each may have a chat of its own.
    """

    def __init__(self, assistant: Assistant) -> None:
        from bot import ask as asking

        self._assistant, self._state = assistant, asking.NEW

    def ask(self, question: str, language: Language | None = None) -> Answer:
        """The answer to *question* in this conversation; as `Assistant.ask`."""
        answer, self._state = self._assistant._answer_of(question, language, self._state)
        return answer


class Assistant:
    """The content and rules, opened; never changes, and may be shared by threads."""

    def __init__(self, book: RuleBook, organization: str | None, language: str | None) -> None:
        self._book, self._organization, self._language = book, organization, language

    @property
    def version(self) -> str:
        """Of the content and rules; the same version gives the same answers."""
        return self._book.version

    def ask(self, question: str, language: Language | None = None) -> Answer:
        """The answer to one question that stands by itself; a question of any length will do.

        *language*: of the reply; None for that of the question, unless `open` was given one. Raises
        BadInput for a language that is not there and for a question that is no text.
        """
        from bot import ask as asking

        return self._answer_of(question, language, asking.NEW)[0]

    def chat(self) -> Chat:
        """A new conversation."""
        return Chat(self)

    def classify(
        self, description: str, title: str = "", *, id: Key = None, language: Language | None = None
    ) -> Verdict:
        """The verdict on one posting. *language*: what it is written in; None to go by its script.

        Raises BadInput for one with neither description nor title.
        """
        (verdict,) = self.classify_batch([Posting(description, title, id, language)])
        if isinstance(verdict, Unusable):
            raise BadInput(verdict.error)
        return verdict

    def classify_batch(
        self, postings: Iterable[str | Posting | Mapping[str, Any]], *, jobs: int = 1
    ) -> Iterator[Verdict | Unusable]:
        """One result for each of *postings*, in their order, each as soon as it is known.

        A posting is a text (its description), a `Posting`, or a mapping with the keys of a JSONL
        line: ``description``, and if there are any ``title``, ``id`` and ``lang``. One that cannot
        be used gives an `Unusable` in its place and stops nothing. Only some hundred postings are
        held at a time. *jobs*: processes; with more than one, a script needs the usual
        ``if __name__ == "__main__":``. Raises BadInput for less than one job.
        """
        if jobs < 1:
            raise BadInput("jobs takes 1 or more")
        return self._classify_each(postings, jobs)

    def _classify_each(
        self, postings: Iterable[str | Posting | Mapping[str, Any]], jobs: int
    ) -> Iterator[Verdict | Unusable]:
        from bot.postings import batch
        from bot.postings.json_form import as_json

        pack = self._book.pack
        rows = (_row(given, number) for number, given in enumerate(postings, 1))
        for result in batch.run(rows, pack, jobs):
            yield verdict_of(as_json(result, pack))

    def _answer_of(self, question: str, language: str | None, state: Any) -> tuple[Answer, Any]:
        from bot import ask as asking

        if not isinstance(question, str):
            raise BadInput(f"a question is a text, not {type(question).__name__}")
        _check(language)
        outcome, elapsed = asking.timed_reply(
            question, language or self._language, self._book, self._organization, state
        )
        answer = asking.as_json(outcome, self._book, None, elapsed, outcome.reply.language)
        return answer_of(answer), outcome.chat


def open(
    *,
    overlay: str | Path | None = None,
    organization: str | None = None,
    language: Language | None = None,
    knowledge: str | Path | None = None,
) -> Assistant:
    """The assistant over the shipped content; the first time on a machine takes some seconds.

    *overlay*: a folder with content and words of your own (docs/overlay.md). *organization*: whose
    units own tasks, such as ``company-a``. *language*: of every reply. *knowledge*: another content
    folder. Raises BadInput for one of these that is not there, ContentError (with ``problems``) for
    content that does not pass its check.
    """
    from bot.commands.common import check_profile
    from bot.config import Config
    from knowledge.engine import base as knowledge_base
    from rules import book as rule_book
    from rules.postings import overlay as overlays

    _check(language)
    own = _folder(overlay)
    root = _folder(knowledge) or knowledge_base.ROOT
    base = knowledge_base.open_base(root, own=overlays.knowledge(own))
    check_profile(Config(organization=organization or "none"), base)
    return Assistant(rule_book.open_book(base, overlay=own), organization, language)


@functools.cache
def _shipped_assistant() -> Assistant:
    return open()


def ask(question: str, language: Language | None = None) -> Answer:
    """As `Assistant.ask`, on the shipped content."""
    return _shipped_assistant().ask(question, language)


def chat() -> Chat:
    """As `Assistant.chat`, on the shipped content."""
    return _shipped_assistant().chat()


def classify(
    description: str, title: str = "", *, id: Key = None, language: Language | None = None
) -> Verdict:
    """As `Assistant.classify`, with the shipped rules."""
    return _shipped_assistant().classify(description, title, id=id, language=language)


def classify_batch(
    postings: Iterable[str | Posting | Mapping[str, Any]], *, jobs: int = 1
) -> Iterator[Verdict | Unusable]:
    """As `Assistant.classify_batch`, with the shipped rules."""
    return _shipped_assistant().classify_batch(postings, jobs=jobs)


def _check(language: str | None) -> None:
    if language is not None and language not in LANGUAGES:
        raise BadInput(f"language must be one of {', '.join(LANGUAGES)}")


def _folder(given: str | Path | None) -> Path | None:
    if given is None:
        return None
    folder = Path(given)
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder")
    return folder


def _row(given: object, number: int) -> Row:
    """The posting as a row of a batch; one that is none is a row with a problem."""
    from bot.postings.model import Row, Unreadable
    from rules.postings import model

    if isinstance(given, str):
        given = Posting(given)
    elif isinstance(given, Mapping):
        given = Posting(
            given.get("description", UNSAID),
            given.get("title") or "",
            given.get("id"),
            given.get("lang"),
        )
    if not isinstance(given, Posting) or not isinstance(given.description, str):
        id_ = given.id if isinstance(given, Posting) else None
        return Row(BATCH, number, id=id_, problem=Unreadable("classify.row.shape"))
    title = given.title if isinstance(given.title, str) else ""
    language = given.language if given.language in LANGUAGES else None
    posting = model.Posting(given.description, title, language)
    return Row(BATCH, number, {}, posting, given.id)
