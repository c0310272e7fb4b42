"""YAML -> entries and sources in every language, with every shape problem collected.

An organization's own content is a second folder of the same layout, laid over ours: its entries and
sources come on top, and an entry with an id of ours takes its place, translations included.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.engine import additions, cites, markets, not_held, shape, source
from knowledge.engine.articles import Claim, Source, SourceShape, as_source
from knowledge.engine.audience import AudienceRole
from knowledge.engine.garbage import collection_paused
from knowledge.engine.markets import MarketNote
from knowledge.engine.model import KINDS, LANGUAGES, Entry, EntryId
from knowledge.engine.not_held import NotHeld
from knowledge.engine.source import Document, Place, Problem

PRIMARY = LANGUAGES[0]
SOURCES, RESTRICTED, MARKETS = "sources.yaml", "restricted.yaml", "markets.yaml"


@dataclass(slots=True)
class Loaded:
    """What the files say, before anyone has checked that it fits together."""

    texts: dict[str, dict[str, Entry]] = field(default_factory=dict)
    """id -> language -> entry; the primary language is always there."""
    sources: dict[str, Source] = field(default_factory=dict)
    passages: dict[str, tuple[Document, Place]] = field(default_factory=dict)
    """Passage id -> its place in a document of sources."""
    claims: dict[str, tuple[Claim, Document, Place]] = field(default_factory=dict)
    """Claim id -> the claim, and its place in a document of sources."""
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    """(id, language) -> the document it was read from."""
    source_documents: list[Document] = field(default_factory=list)
    """The lists of sources: ours, and the organization's."""
    markets: list[tuple[Document, tuple[MarketNote, ...]]] = field(default_factory=list)
    """What holds in one market only: ours, and the organization's."""
    not_held: list[tuple[Document, tuple[NotHeld, ...]]] = field(default_factory=list)
    """What is to be refused: ours, and the organization's."""
    missing: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """(id, language) -> keys that fall back to the primary language."""
    own: set[str] = field(default_factory=set)
    """The entries that come from the organization."""
    shown_from: Path | None = None
    """The folder from which files are named, where it is not the one around *root*."""
    problems: list[Problem] = field(default_factory=list)
    stamp: str = ""
    """The state of the files that were read, if it was taken."""


@collection_paused()
def load(root: Path, own: Path | None = None) -> Loaded:
    """Read every entry, translation and source below *root*; problems are in the result.

    *own*: the folder of an organization's own content, if there is one.
    """
    loaded = Loaded()
    _sources(root, loaded)
    _layer(root, loaded)
    _markets(root, loaded)
    _not_held(root, loaded)
    if own is not None:
        loaded.shown_from = own.parent.parent
        if (own / SOURCES).is_file():
            _sources(own, loaded)
        loaded.own = {f"{kind}.{path.stem}" for kind, path in _entries(own)}
        for id_ in loaded.own & loaded.texts.keys():
            del loaded.texts[id_]
        for told in [key for key in loaded.documents if key[0] in loaded.own]:
            del loaded.documents[told]
            loaded.missing.pop(told, None)
        _layer(own, loaded)
        _add(own, loaded)
        _markets(own, loaded)
        _not_held(own, loaded)
        _restrict(own, loaded)
    return loaded


def _restrict(own: Path, loaded: Loaded) -> None:
    """Keep entries, ours too, for the roles that the organization says."""
    path = own / RESTRICTED
    if not path.is_file():
        return
    document = _read(own, path, loaded)
    values = document.value if isinstance(document.value, list) else []
    if document.value is not None and not values:
        document.problems.append(document.problem((), "expected a list, each item with a dash"))
    for i, value in enumerate(values):
        rule = shape.build(_Restriction, document, value, (i,))
        if rule is None or document.problems:
            continue
        if rule.entry not in loaded.texts:
            document.problems.append(
                document.problem((i, "entry"), f"there is no entry '{rule.entry}'")
            )
            continue
        told = loaded.texts[rule.entry]
        for language, entry in told.items():
            told[language] = dataclasses.replace(entry, restricted_to=rule.to)
    loaded.problems += document.problems


def _add(own: Path, loaded: Loaded) -> None:
    """Add the organization's names, examples and near misses to entries, ours or its own."""
    for language, kind, path in additions.paths(own):
        document, id_ = _read(own, path, loaded), f"{kind}.{path.stem}"
        additions.lay(document, loaded.texts.get(id_), id_, language)
        loaded.problems += document.problems


def _entries(root: Path) -> Iterator[tuple[str, Path]]:
    """(kind, file) of every entry below *root*."""
    for kind, (_, folder) in KINDS.items():
        for path in sorted((root / folder).glob("*.y*ml")):
            yield kind, path


def entry_of(path: Path, root: Path) -> str:
    """The id of the entry that a file below *root* tells, in whichever language; else ""."""
    parts = path.relative_to(root).parts if path.is_relative_to(root) else ()
    if len(parts) == 4 and parts[0] in ("translations", additions.FOLDER):
        parts = parts[2:]
    folders = {folder: kind for kind, (_, folder) in KINDS.items()}
    if len(parts) != 2 or parts[0] not in folders:
        return ""
    return f"{folders[parts[0]]}.{path.stem}"


def _layer(root: Path, loaded: Loaded) -> None:
    """Read the entries and translations below one folder."""
    for kind, (cls, folder) in KINDS.items():
        for path in sorted((root / folder).glob("*.y*ml")):
            _entry(root, path, kind, cls, loaded)
    for language in LANGUAGES[1:]:
        for kind, (cls, folder) in KINDS.items():
            for path in sorted((root / "translations" / language / folder).glob("*.y*ml")):
                _translation(root, path, language, kind, cls, loaded)


def files(root: Path | None) -> Iterator[Path]:
    """Every file that `load` reads below *root*, in no particular order."""
    if root is None:
        return
    folders = [folder for _, folder in KINDS.values()]
    for language in LANGUAGES[1:]:
        folders += [f"translations/{language}/{folder}" for _, folder in KINDS.values()]
    folders += additions.folders()
    yield from (root / SOURCES, root / RESTRICTED, root / MARKETS)
    yield from (path for _, path in not_held.paths(root))
    for folder in folders:
        yield from (root / folder).glob("*.y*ml")


def _read(root: Path, path: Path, loaded: Loaded) -> Document:
    document = source.read(path, path.relative_to(loaded.shown_from or root.parent).as_posix())
    if path.suffix != ".yaml":
        document.problems.append(document.problem((), "the ending must be .yaml"))
    return document


def _entry(root: Path, path: Path, kind: str, cls: type[Entry], loaded: Loaded) -> None:
    document = _read(root, path, loaded)
    if document.value is not None:
        claims = cites.take(document)
        entry = shape.build(cls, document, document.value)
        if entry is not None:
            entry = dataclasses.replace(entry, cites=claims)
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
        loaded.missing[id_, language] = tuple(shape.untranslated_keys(cls, document.value, base))
        if not document.problems:
            known[language] = entry
    elif document.value is not None:
        document.problems.append(document.problem((), "expected keys and values"))
    loaded.problems += document.problems


def _markets(root: Path, loaded: Loaded) -> None:
    """Read the notes on single markets, where there are any."""
    if (root / MARKETS).is_file():
        document = _read(root, root / MARKETS, loaded)
        loaded.markets.append((document, markets.build(document)))
        loaded.problems += document.problems


def _not_held(root: Path, loaded: Loaded) -> None:
    """Read what is to be refused, where anything is."""
    for _, path in not_held.paths(root):
        document = _read(root, path, loaded)
        loaded.not_held.append((document, not_held.build(document)))
        loaded.problems += document.problems


def _sources(root: Path, loaded: Loaded) -> None:
    path = root / SOURCES
    if not path.is_file():
        loaded.problems.append(Problem(path.name, 1, "error", "there is no sources.yaml"))
        return
    document = _read(root, path, loaded)
    loaded.source_documents.append(document)
    sources = document.value if isinstance(document.value, list) else []
    if document.value is not None and not sources:
        document.problems.append(document.problem((), "expected a list of sources"))
    for i, value in enumerate(sources):
        built = shape.build(SourceShape, document, value, (i,))
        if built is not None and not document.problems:
            _add_source(as_source(built), i, document, loaded)
    loaded.problems += document.problems


def _add_source(source: Source, i: int, document: Document, loaded: Loaded) -> None:
    if source.id in loaded.sources:
        problem = document.problem((i, "id"), f"there is already a source '{source.id}'")
        loaded.problems.append(problem)
        return
    loaded.sources[source.id] = source
    for j, passage in enumerate(source.passages):
        place: Place = (i, "passages", j)
        if loaded.passages.setdefault(passage.id, (document, place)) != (document, place):
            problem = document.problem(place, f"there is already a passage '{passage.id}'")
            loaded.problems.append(problem)
        for k, claim in enumerate(passage.claims):
            at: Place = (*place, "claims", k)
            if loaded.claims.setdefault(claim.id, (claim, document, at))[2] != at:
                problem = document.problem(at, f"there is already a claim '{claim.id}'")
                loaded.problems.append(problem)


@dataclass(frozen=True, slots=True)
class _Restriction:
    entry: EntryId
    to: tuple[AudienceRole, ...]
