"""Domain words of each language: stop words, words that show the subject, synonyms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.engine import shape, source
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import compact_text
from knowledge.engine.source import Document, Problem


@dataclass(frozen=True, slots=True)
class _LexiconShape:
    stop: tuple[str, ...]
    subject: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    short: tuple[tuple[str, str], ...] = ()
    """(word in names, how people cut it), for languages that set words off with spaces."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages together, normalised."""

    stop: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    synonyms: tuple[tuple[str, str], ...] = ()
    """(word as typed, the entries' word for it)."""
    short: tuple[tuple[str, str], ...] = ()
    """(word in names, how people cut it): a name is recognised with the short form too."""


def load(root: Path, problems: list[Problem], own: Path | None = None) -> Lexicon:
    """The lexicon below *root*, with the words of an organization's *own* content added.

    What is wrong with it is added to *problems*.
    """
    stop: set[str] = set()
    subject: set[str] = set()
    synonyms: dict[str, str] = {}
    short: set[tuple[str, str]] = set()
    for path in (*paths(root), *paths(own)):
        if not path.is_file():
            continue
        folder = own.parent.parent if own and path.is_relative_to(own) else root.parent
        document = source.read(path, path.relative_to(folder).as_posix())
        built = None
        if document.value is not None:
            built = shape.build(_LexiconShape, document, document.value)
            _check(built, document)
        problems += document.problems
        if built is None or document.problems:
            continue
        stop |= {compact_text(word) for word in built.stop}
        subject |= {compact_text(word) for word in built.subject}
        short |= {(compact_text(word), compact_text(cut)) for word, cut in built.short}
        for group in built.synonyms:
            first, *others = (compact_text(word) for word in group)
            synonyms.update((word, first) for word in others if word != first)
    return Lexicon(
        frozenset(stop), frozenset(subject), tuple(sorted(synonyms.items())), tuple(sorted(short))
    )


def _check(built: _LexiconShape | None, document: Document) -> None:
    """Every synonym group must name an entries' word and other words for it."""
    for i, group in enumerate(built.synonyms if built and not document.problems else ()):
        if len(group) < 2:
            message = "a group of synonyms needs at least two words"
            document.problems.append(document.problem(("synonyms", i), message))


def paths(root: Path | None) -> list[Path]:
    """The lexicon files below *root*, one a language."""
    if root is None:
        return []
    return [root / "lexicon" / f"{language}.yaml" for language in LANGUAGES]
