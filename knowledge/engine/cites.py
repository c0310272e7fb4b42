"""Which claim of an article each line of an entry rests on, and which lines are general practice.

An editor writes the claims at the end of a line of the Chinese entry:

    - 策划选题、排版和推送 [^2.1/2 2.1/3]
    - 维护作者和用户投稿 [^2.1/2 +]

``2.1/2`` is the second claim under passage 2.1 of the source that the entry cites; where it cites
several the source is named, once for those that follow: ``brand-not-confused#2.1/2 2.1/3``. A ``+``
says that the line goes beyond its claims. In an entry that cites claims, a line without any is
general practice.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from knowledge.engine import shape
from knowledge.engine.marks import PerLanguage, Structure
from knowledge.engine.source import Document, Place

ClaimId = Annotated[
    str, Structure(r"[a-z-]+#[0-9]+(\.[0-9]+)*/[0-9]+", "<source>#<passage>/<number>")
]
LinePlace = Annotated[str, Structure(r"[a-z_]+(\.[a-z_0-9]+)*", "a line of this entry")]
Standing = Literal["article", "beyond", "general"]
"""A line that its claims state, one that goes beyond them, and one that no article states."""

UNMARKED = frozenset({"title", "not_covered", "unit", "name", "caller", "dimension"})
"""Labels, and what an entry says of itself: no article is asked for these."""
MARKETS = "markets"
"""The section that no article states a line of: the platforms and the law of single markets."""
BEYOND = "+"
_MARK = re.compile(r"\s*\[\^([^\]]*)\]\s*$")


@dataclasses.dataclass(frozen=True, slots=True)
class Cited:
    """A line and the claims it rests on."""

    place: LinePlace
    """Its keys and positions from the top, such as ``steps.0.why``."""
    claims: tuple[ClaimId, ...]
    beyond: bool = False
    """Whether it says more than they do."""

    @property
    def section(self) -> str:
        """The field that the line stands in."""
        return self.place.partition(".")[0]


def take(document: Document) -> tuple[Cited, ...]:
    """The claims that the lines of a document end with; they are taken off its texts."""
    if not isinstance(document.value, dict):
        return ()
    if "cites" in document.value:
        message = "claims stand at the end of the line they are for: text [^2.1/2]"
        document.problems.append(document.problem(("cites",), message))
    sources = document.value.get("sources")
    named = sources if isinstance(sources, list) else []
    only = {str(passage).partition("#")[0] for passage in named}
    rows: list[Cited] = []
    document.value = _take_marks(document.value, (), document, rows, only)
    return tuple(rows)


def _take_marks(
    value: Any, place: Place, document: Document, rows: list[Cited], only: set[str]
) -> Any:
    if isinstance(value, dict):
        return {k: _take_marks(v, (*place, k), document, rows, only) for k, v in value.items()}
    if isinstance(value, list):
        return [_take_marks(v, (*place, i), document, rows, only) for i, v in enumerate(value)]
    mark = _MARK.search(value) if isinstance(value, str) else None
    if mark is None:
        return value
    words = mark[1].split()
    claims = tuple(_full_claims([word for word in words if word != BEYOND], only))
    if not claims or any(not re.fullmatch(r"[a-z-]+#[\d.]+/\d+", claim) for claim in claims):
        message = f"'[^{mark[1]}]' names no claim; write <passage>/<number>, e.g. [^2.1/2]"
        if len(only) > 1:
            message += "; this entry has several sources: name one, e.g. [^source#2.1/2]"
        document.problems.append(document.problem(place, message))
    else:
        rows.append(Cited(".".join(map(str, place)), claims, BEYOND in words))
    return value[: mark.start()]


def _full_claims(words: list[str], only: set[str]) -> Iterator[str]:
    """The claims with their source, which is the only one there is or that of the word before."""
    source = next(iter(only)) if len(only) == 1 else ""
    for word in words:
        named, sign, rest = word.rpartition("#")
        source = named if sign else source
        yield f"{source}#{rest}"


def passage(claim: str) -> str:
    """The passage under which a claim stands."""
    return claim.partition("/")[0]


def passages(entry: Any, section: str = "") -> tuple[str, ...]:
    """The passages that a section of an entry rests on; of all of it for "" and where no line
    says which."""
    rows = [row for row in entry.cites if not section or row.section == section]
    if not entry.cites or not rows:
        return tuple(entry.sources)
    own = {passage(claim) for row in rows for claim in row.claims}
    return tuple(id_ for id_ in entry.sources if id_ in own)


def lines(entry: Any, section: str = "") -> Iterator[tuple[str, Standing]]:
    """(place, standing) of every line of an article entry, or of one section of it."""
    if entry.origin != "article":
        return
    cited = {row.place: row for row in entry.cites}
    for place in _prose(entry, (), section):
        at = ".".join(map(str, place))
        yield at, _standing_of(entry, str(place[0]), cited.get(at))


def _standing_of(entry: Any, field: str, row: Cited | None) -> Standing:
    if row is not None:
        return "beyond" if row.beyond else "article"
    return "general" if entry.cites or field in entry.general else "article"


def _prose(value: Any, place: Place, only: str = "") -> Iterator[Place]:
    for field in shape.fields_of(type(value)):
        if field.key not in UNMARKED and only in ("", field.key):
            yield from _prose_in(field.hint, getattr(value, field.name), (*place, field.key))


def _prose_in(hint: Any, value: Any, place: Place) -> Iterator[Place]:
    plain, marks = shape.unwrap(hint)
    if value is None or any(isinstance(mark, PerLanguage) for mark in marks):
        return
    if isinstance(value, tuple):
        inner = shape.inner(plain)
        for i, item in enumerate(value):
            yield from _prose_in(inner, item, (*place, i))
    elif dataclasses.is_dataclass(value):
        yield from _prose(value, place)
    elif shape.is_prose(hint):
        yield place


def is_general(entry: Any, section: str) -> bool:
    """Whether no line of that section rests on an article."""
    if entry.origin == "general" or section == MARKETS:
        return True
    standings = {standing for _, standing in lines(entry, section)}
    return standings == {"general"} if standings else section in entry.general


def is_mixed(entry: Any, section: str) -> bool:
    """Whether some lines of that section rest on an article and others do not, or not wholly."""
    return _differ({standing for _, standing in lines(entry, section)})


def _differ(standings: set[Standing]) -> bool:
    return bool(standings) and standings not in ({"article"}, {"general"})


def mark_lines(entry: Any, mark: Callable[[str, Standing], str]) -> Any:
    """The entry with *mark* put to each line of its mixed sections: (text, standing) -> text."""
    sections: dict[str, dict[str, Standing]] = {}
    for place, standing in lines(entry):  # all of them at once: every answer comes by here
        sections.setdefault(place.partition(".")[0], {})[place] = standing
    places = {
        place: standing
        for rows in sections.values()
        if _differ(set(rows.values()))
        for place, standing in rows.items()
        if standing != "article"
    }
    return _mark_lines(entry, "", places, mark) if places else entry


def _mark_lines(value: Any, at: str, places: Mapping[str, Standing], mark: Any) -> Any:
    if isinstance(value, str):
        return mark(value, places[at]) if at in places else value
    if isinstance(value, tuple):
        return tuple(_mark_lines(item, f"{at}.{i}", places, mark) for i, item in enumerate(value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    changes = {
        field.name: _mark_lines(
            getattr(value, field.name), f"{at}.{field.key}" if at else field.key, places, mark
        )
        for field in shape.fields_of(type(value))
    }
    return dataclasses.replace(value, **changes)
