"""Problems of citing line by line: claims that are not there, that nobody carries, marks astray."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.engine import cites
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import Entry
from knowledge.engine.source import Document, Place, Problem


def check(loaded: Loaded) -> Iterator[Problem]:
    """Every problem of what the lines of entries cite."""
    carried: set[str] = set()
    for id_, texts in loaded.texts.items():
        entry = texts[PRIMARY]
        carried |= {claim for row in entry.cites for claim in row.claims}
        yield from _entry(entry, loaded.documents[id_, PRIMARY], loaded, id_ in loaded.own)
    for id_, (claim, document, place) in loaded.claims.items():
        ours = document is loaded.source_documents[0]
        # An organization that replaces an entry of ours may leave a claim of ours uncarried.
        if id_ not in carried and not claim.framing and not (loaded.own and ours):
            yield document.problem(place, f"no line of an entry carries {id_}")


def _entry(entry: Entry, document: Document, loaded: Loaded, own: bool) -> Iterator[Problem]:
    for row in entry.cites:
        place: Place = tuple(int(part) if part.isdigit() else part for part in row.place.split("."))
        if entry.origin != "article":
            yield document.problem(place, "only an entry of origin 'article' cites claims")
        for claim in row.claims:
            if claim not in loaded.claims:
                yield document.problem(place, f"there is no claim '{claim}'")
            elif cites.passage(claim) not in entry.sources:
                yield document.problem(
                    place, f"cites '{claim}', but {cites.passage(claim)} is not among the sources"
                )
        if row.section in entry.general:
            yield document.problem(
                ("general",), f"a line of '{row.section}' cites a claim: take the field out of here"
            )
    if entry.cites or not own:
        yield from _passages_without_claims(entry, document, loaded)


def _passages_without_claims(entry: Entry, document: Document, loaded: Loaded) -> Iterator[Problem]:
    """Passages that an entry lists and of which no line of it carries a claim."""
    used = {cites.passage(claim) for row in entry.cites for claim in row.claims}
    with_claims = {cites.passage(claim) for claim in loaded.claims}
    for i, id_ in enumerate(entry.sources):
        if id_ in with_claims and id_ not in used:
            yield document.problem(
                ("sources", i), f"no line carries a claim of {id_}: mark one, e.g. text [^...]"
            )
