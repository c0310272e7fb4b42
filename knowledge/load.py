"""YAML -> entries and sources in every language, with every shape problem collected."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from knowledge import shape, source
from knowledge.model import KINDS, LANGUAGES, Entry, Passage, Source
from knowledge.source import Document, Place, Problem

PRIMARY = LANGUAGES[0]


@dataclass(slots=True)
class Loaded:
    """What the files say, before anyone has checked that it fits together."""

    texts: dict[str, dict[str, Entry]] = field(default_factory=dict)
    """id -> language -> entry; the primary language is always there."""
    sources: dict[str, Source] = field(default_factory=dict)
    passages: dict[str, Place] = field(default_factory=dict)
    """Passage id -> its place in the document of the sources."""
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    """(id, language) -> the document it was read from; sources under ("sources", primary)."""
    missing: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """(id, language) -> keys that fall back to the primary language."""
    problems: list[Problem] = field(default_factory=list)


def load(root: Path) -> Loaded:
    """Read every entry, translation and source below *root*; problems are in the result."""
    loaded = Loaded()
    _sources(root, loaded)
    for kind, (cls, folder) in KINDS.items():
        for path in sorted((root / folder).glob("*.y*ml")):
            _entry(root, path, kind, cls, loaded)
    for language in LANGUAGES[1:]:
        for kind, (cls, folder) in KINDS.items():
            for path in sorted((root / "translations" / language / folder).glob("*.y*ml")):
                _translation(root, path, language, kind, cls, loaded)
    return loaded


def files(root: Path) -> Iterator[Path]:
    """Every file that `load` reads below *root*, in no particular order."""
    folders = [folder for _, folder in KINDS.values()]
    for language in LANGUAGES[1:]:
        folders += [f"translations/{language}/{folder}" for _, folder in KINDS.values()]
    yield root / "sources.yaml"
    for folder in folders:
        yield from (root / folder).glob("*.y*ml")


def _read(root: Path, path: Path, loaded: Loaded) -> Document:
    document = source.read(path, path.relative_to(root.parent).as_posix())
    if path.suffix != ".yaml":
        document.problems.append(document.problem((), "the ending must be .yaml"))
    return document


def _entry(root: Path, path: Path, kind: str, cls: type[Entry], loaded: Loaded) -> None:
    document = _read(root, path, loaded)
    if document.value is not None:
        entry = shape.build(cls, document, document.value)
        expected = f"{kind}.{path.stem}"
        if entry is not None and entry.id is not None and entry.id != expected:
            document.problems.append(
                document.problem(("id",), f"id '{entry.id}' should be '{expected}' in this file")
            )
        loaded.documents[expected, PRIMARY] = document
        if entry is not None and not document.problems:
            loaded.texts[expected] = {PRIMARY: entry}
    loaded.problems += document.problems


def _translation(
    root: Path, path: Path, language: str, kind: str, cls: type[Entry], loaded: Loaded
) -> None:
    document = _read(root, path, loaded)
    id_ = f"{kind}.{path.stem}"
    known = loaded.texts.get(id_)
    if known is None:
        if (id_, PRIMARY) not in loaded.documents:
            document.problems.append(document.problem((), f"there is no entry {id_} to translate"))
    elif isinstance(document.value, dict):
        base = known[PRIMARY]
        if "title" not in document.value:
            document.problems.append(document.problem((), "missing key 'title'"))
        entry = shape.translate(base, document, document.value)
        loaded.documents[id_, language] = document
        loaded.missing[id_, language] = tuple(shape.untranslated(cls, document.value, base))
        if not document.problems:
            known[language] = entry
    elif document.value is not None:
        document.problems.append(document.problem((), "expected keys and values"))
    loaded.problems += document.problems


def _sources(root: Path, loaded: Loaded) -> None:
    path = root / "sources.yaml"
    if not path.is_file():
        loaded.problems.append(Problem(path.name, 1, "error", "there is no sources.yaml"))
        return
    document = _read(root, path, loaded)
    loaded.documents["sources", PRIMARY] = document
    sources = document.value if isinstance(document.value, list) else []
    if document.value is not None and not sources:
        document.problems.append(document.problem((), "expected a list of sources"))
    for i, value in enumerate(sources):
        built = shape.build(_SourceShape, document, value, (i,))
        if built is not None and not document.problems:
            _add_source(_as_source(built), i, document, loaded)
    loaded.problems += document.problems


def _add_source(source: Source, i: int, document: Document, loaded: Loaded) -> None:
    if source.id in loaded.sources:
        problem = document.problem((i, "id"), f"there is already a source '{source.id}'")
        loaded.problems.append(problem)
        return
    loaded.sources[source.id] = source
    for j, passage in enumerate(source.passages):
        place: Place = (i, "passages", j)
        if loaded.passages.setdefault(passage.id, place) != place:
            problem = document.problem(place, f"there is already a passage '{passage.id}'")
            loaded.problems.append(problem)


@dataclass(frozen=True, slots=True)
class _Said:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _PassageShape:
    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _SourceShape:
    id: str
    author: _Said
    title: _Said
    outlet: _Said
    passages: tuple[_PassageShape, ...]


def _as_source(built: _SourceShape) -> Source:
    author, title, outlet = (
        dataclasses.asdict(said) for said in (built.author, built.title, built.outlet)
    )
    passages = tuple(
        Passage(f"{built.id}#{passage.id}", {"zh": passage.zh, "en": passage.en})
        for passage in built.passages
    )
    return Source(built.id, author, title, outlet, passages)
