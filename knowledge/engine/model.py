"""The nouns of the knowledge base: one frozen dataclass for each kind of entry.

The YAML reader, the JSON Schemas, the link check and the translations are all driven by these
annotations, so a field is declared here and nowhere else. A plain ``str`` is prose and gets
translated; an annotated one (link, passage, slot, closed list) is structure and stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Literal

from knowledge.engine.asking import Example, Help
from knowledge.engine.audience import AudienceRole, admits
from knowledge.engine.cites import Cited
from knowledge.engine.marks import FieldName, Link, PerLanguage, Structure

LANGUAGES = ("zh", "en", "ja", "ko")
"""The primary language first; every other one is a translation of it."""

Words = Annotated[tuple[str, ...], PerLanguage()]
AnyLink = Annotated[str, Link()]
RoleLink = Annotated[str, Link(("role",))]
DepartmentLink = Annotated[str, Link(("department",))]
StageLink = Annotated[str, Link(("stage",))]
MetricLink = Annotated[str, Link(("metric",))]
ChecklistLink = Annotated[str, Link(("checklist",))]

EntryId = Annotated[str, Structure(r"[a-z]+\.[a-z0-9_]+", "<kind>.<slug>, e.g. role.brand")]
PassageId = Annotated[str, Structure(r"[a-z-]+#[0-9]+(\.[0-9]+)*", "<source>#<number>")]
Day = Annotated[str, Structure(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", 'a day in quotes: "2026-11-30"')]
PersonName = Annotated[str, Structure(r"[^\n]{1,80}", "a name")]
Due = Annotated[str, Structure(r"T([+-][0-9]+[hdw])?", "T, T-3d, T+2h or T-1w")]

Origin = Literal["article", "general", "ours", "organization"]
"""article: the cited passages state it; general: established practice; ours: our own reading;
organization: a rule of the house, in an organization's own content.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry has, whatever its kind."""

    id: EntryId
    title: str
    aliases: Words = ()
    """Other names of the very same thing, in the language of the file."""
    status: Literal["active", "retired"] = "active"
    """A retired entry keeps its id but is never an answer."""
    restricted_to: tuple[AudienceRole, ...] = ()
    """Those who may see it; for everyone else it is as if there were no such entry."""
    reviewed_on: Day | None = None
    """When somebody last read the entry and found it right."""
    owner: PersonName | None = None
    """Who reads it again when that is due."""
    origin: Origin
    sources: tuple[PassageId, ...] = ()
    general: tuple[FieldName, ...] = ()
    """In an entry of origin article: the fields that come from general practice instead."""
    cites: tuple[Cited, ...] = ()
    """The claims that its lines end with, as `cites.take` found them; no key of the file."""
    summary: str
    """Two or three sentences that answer "what is it" on their own."""
    not_covered: str | None = None
    """What people ask next that this entry cannot answer."""
    related: tuple[AnyLink, ...] = ()
    helps: tuple[Help, ...] = ()
    """Where everyday words lead here, although they name nothing."""
    examples: Annotated[tuple[Example, ...], PerLanguage()] = ()
    near_misses: Words = ()
    """Questions that look close but must not be answered with this entry."""

    @property
    def kind(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    def admits(self, roles: Collection[str]) -> bool:
        """Whether someone with these roles may see it."""
        return admits(self.restricted_to, roles)


@dataclass(frozen=True, slots=True)
class Cooperation:
    """Another role and how the two work together."""

    role: RoleLink
    how: str


@dataclass(frozen=True, slots=True)
class Boundary:
    """A neighbour that is easily confused with this entry, and what sets them apart."""

    with_: AnyLink
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Entry):
    """A kind of work: what it is for, what it does, where it ends."""

    purpose: str
    responsibilities: tuple[str, ...]
    methods: tuple[str, ...]
    focus: str
    metrics: tuple[MetricLink, ...]
    deliverables: tuple[str, ...]
    works_with: tuple[Cooperation, ...]
    belongs_to: DepartmentLink
    titles: Words
    """Job titles under which this role is hired."""
    boundaries: tuple[Boundary, ...]
    checklists: tuple[ChecklistLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Entry):
    """A unit of a company that holds roles."""

    purpose: str
    essence: str
    teams: tuple[RoleLink, ...]
    measured_by: tuple[str, ...]
    also_called: Words
    boundaries: tuple[Boundary, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension of a comparison; a cell for each thing compared, in their order."""

    dimension: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Entry):
    """Two or more things side by side."""

    of: tuple[AnyLink, ...]
    rows: tuple[Row, ...]
    in_common: tuple[str, ...]
    how_they_work_together: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Entry):
    """A step of the brand cycle, its overview, or what the "+1" is known to be."""

    number: int | None = None
    """1 to 9 for the steps; absent for the overview and the +1."""
    do: tuple[str, ...]
    purpose: str
    done_when: tuple[str, ...]
    next: StageLink | None = None
    checklists: tuple[ChecklistLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a practice and the reason for it."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice(Entry):
    """A way of working that is known to help: steps in order, with reasons."""

    goal: str
    steps: tuple[Step, ...]
    when: str
    pitfalls: tuple[str, ...]
    checklists: tuple[ChecklistLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception(Entry):
    """A belief that is widely held and wrong."""

    belief: str
    correction: str
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Entry):
    """A term of the field."""

    definition: str
    points: tuple[str, ...] = ()
    """Kinds, parts or rules of thumb that belong to the term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Entry):
    """A number people are measured by."""

    definition: str
    formula: str
    unit: str
    read_with: tuple[MetricLink, ...]
    """Metrics without which this one misleads."""
    points: tuple[str, ...] = ()
    moved_by: str | None = None
    """What makes it rise or fall."""
    comes_from: str | None = None
    """The system or the record that the figure is read from."""
    period: str | None = None
    """Over what time it is counted, and how often it is looked at."""
    not_for: str | None = None
    """What it must not be used for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Entry):
    """A kind of software and what it is good for."""

    definition: str
    what_for: tuple[str, ...]
    products: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist."""

    text: str
    """Starts with a verb."""
    done_when: str
    owner_role: RoleLink | None = None
    due: Due | None = None
    killer: bool = False
    """A killer item gates the closing of its checklist."""
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class PausePoint:
    """A moment at which the team stops and checks; at most nine items, three of them killers."""

    name: str
    caller: str
    """Who calls the pause."""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(Entry):
    """A list to work through: read and do one by one, or do and then confirm."""

    mode: Literal["read_do", "do_confirm"]
    pause_points: tuple[PausePoint, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of one company and the roles it owns there."""

    name: str
    owns: tuple[RoleLink, ...]
    reports_to: str
    answers_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Entry):
    """How one company divides the work."""

    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faq(Entry):
    """A question that people ask in one organization; the summary is the answer to it."""


KINDS: dict[str, tuple[type[Entry], str]] = {
    "role": (Role, "roles"),
    "department": (Department, "departments"),
    "comparison": (Comparison, "comparisons"),
    "stage": (Stage, "brand_cycle"),
    "practice": (Practice, "practices"),
    "misconception": (Misconception, "misconceptions"),
    "concept": (Concept, "concepts"),
    "metric": (Metric, "metrics"),
    "tool": (Tool, "tools"),
    "checklist": (Checklist, "checklists"),
    "organization": (Organization, "organizations"),
    "faq": (Faq, "faq"),
}
"""Kind -> its dataclass and the folder that holds it; of the last we ship none."""
