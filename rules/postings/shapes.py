"""What the YAML of the posting rules holds: functions, structure, oddities, levels, crosswalk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from knowledge.engine.marks import FieldName
from knowledge.engine.marks import Structure as Marked
from rules.cues import NO_PHRASES, Phrases
from rules.load import Said

WEIGHTS = range(1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals(Phrases):
    """Phrases that show a duty, all of the same weight."""

    weight: int
    """4 settles it, 3 is typical and rare elsewhere, 2 is shared with a neighbour, 1 only leans."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A group of duties of a function and the words that show it."""

    duty: FieldName
    name: Said
    signals: tuple[Signals, ...]
    core: bool = False
    """A posting of this function that never mentions it is odd."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A neighbour, and how to tell the two apart."""

    with_: FieldName
    tell: Said


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """One file of ``functions/`` or ``families/``."""

    function: FieldName
    status: Literal["experimental", "test", "stable"]
    name: Said
    why: Said
    titles: Phrases
    duties: tuple[Duty, ...]
    blocked_by: Phrases = NO_PHRASES
    lifts: Phrases = NO_PHRASES
    """Context that makes the function's own signals count more."""
    confusions: tuple[Confusion, ...] = ()


@dataclass(frozen=True, slots=True)
class ExamplePosting:
    """A posting written by us; *function* only where it is not the file's own."""

    lang: Literal["zh", "en", "ja", "ko"]
    description: str
    title: str | None = None
    function: FieldName | None = None


@dataclass(frozen=True, slots=True)
class ExamplePostings:
    """One ``<function>.postings.yaml``: postings that it wins, and some that it must lose."""

    function: FieldName
    postings: tuple[ExamplePosting, ...]
    near_misses: tuple[ExamplePosting, ...] = ()


Place = Literal["duties", "mixed", "requirements", "benefits", "company", "application"]


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Words that open a part of a posting, or that show which part a clause belongs to."""

    place: Place
    words: Phrases
    at: Literal["anywhere", "start"] = "anywhere"
    """Whether a cue counts only where its clause begins."""


@dataclass(frozen=True, slots=True)
class Structure:
    """``structure.yaml``: how a posting is divided."""

    title_labels: Phrases = NO_PHRASES
    """What stands before a job title in a pasted text."""
    headings: tuple[PlaceWords, ...] = ()
    cues: tuple[PlaceWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A department and its functions."""

    group: FieldName
    name: Said
    functions: tuple[FieldName, ...]


@dataclass(frozen=True, slots=True)
class PlaceWeights:
    """What a signal counts by the part it stands in, in hundredths."""

    duties: int
    requirements: int
    company: int
    benefits: int
    application: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score and lead on a verdict is sure."""

    score: int
    lead: int


@dataclass(frozen=True, slots=True)
class Certainty:
    """When a verdict is sure: ours and other trades apart, with a title and without."""

    agree: int
    """Percent of the description's first that the function must have there, too."""
    titled: Threshold
    bare: Threshold
    other_titled: Threshold
    other_bare: Threshold


@dataclass(frozen=True, slots=True)
class MismatchRule:
    """When the duties contradict a title."""

    named: int
    """Percent of the strongest title weight from which on a function counts as named, too."""
    enough: int
    times: int
    near_enough: int
    near_times: int
    """For neighbours, whose titles are often given for one another."""
    other_enough: int
    other_times: int
    other_own: int
    """What the duties may at most show of ours, where they are another trade's."""


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """``verdict.yaml``; all numbers in hundredths."""

    places: PlaceWeights
    title_name: int
    title_word: int
    title_general: int
    """What the bare word "operations" keeps of a title's weight where no manager is wanted."""
    contradicted: int
    contradicted_from: int
    contradicted_under: int
    named: int
    experience: int
    repeat: int
    others: int
    sure: Certainty
    mismatch: MismatchRule
    ask_score: int
    ask_margin: int
    contest: int
    """Lead in percent under which neighbours are told apart by ``contests.yaml``."""


@dataclass(frozen=True, slots=True)
class NamedWords:
    """Words beside which a posted title says what the posting is, or what is asked for."""

    kind: Literal["named", "experience", "other"]
    """other: words beside which somebody else is named."""
    stands: Literal["before", "after"]
    """Where the title stands."""
    words: Phrases


@dataclass(frozen=True, slots=True)
class Side:
    """What speaks for one of two neighbours."""

    function: FieldName
    words: Phrases


@dataclass(frozen=True, slots=True)
class Contest:
    """Two neighbours, and the words that decide between them where the lead is small."""

    tell: Said
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class OddPhrases:
    """Phrases that are odd in a posting."""

    oddity: FieldName
    words: Phrases


@dataclass(frozen=True, slots=True)
class OddPatterns:
    """Regular expressions that show an oddity, tried where one of ``if`` occurs."""

    oddity: FieldName
    if_: tuple[str, ...]
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    ja: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Oddities:
    """``oddities.yaml``."""

    phrases: tuple[OddPhrases, ...] = ()
    patterns: tuple[OddPatterns, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank and the words of a title that show it."""

    rank: FieldName
    words: Phrases


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number written as a word."""

    word: str
    value: int


@dataclass(frozen=True, slots=True)
class Levels:
    """``levels.yaml``; patterns have a group ``low`` and may have ``high``."""

    ranks: tuple[Rank, ...] = ()
    years: Phrases = NO_PHRASES
    people: Phrases = NO_PHRASES
    numerals: tuple[Numeral, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """An occupation in a public classification."""

    scheme: Literal["dadian", "isco", "esco", "onet"]
    code: Annotated[str, Marked(r"[0-9.-]+", "a code in quotes")]
    match: Literal["exact", "close", "narrower", "broader"]
    """narrower: our function is narrower than the occupation."""
    title: Annotated[str, Marked(r".+", "the occupation's own title")]
    mark: Literal["V2", "V1", "S", "D", "U"]
    """V2: two independent copies, V1: one, S: secondary, D: our judgement, U: not verified."""
    uri: Annotated[str, Marked(r"https?://\S+", "an address")] | None = None
    """For ESCO, whose codes shift between releases: the concept itself."""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The codes of one function."""

    function: FieldName
    codes: tuple[Code, ...]
