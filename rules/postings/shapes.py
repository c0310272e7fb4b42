"""What the YAML of the posting rules holds: functions, structure, flags, levels, crosswalk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from knowledge.engine.marks import FieldName
from knowledge.engine.marks import Structure as Marked
from rules.cues import NO_PHRASES, Phrases
from rules.load import LocalizedText

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
    name: LocalizedText
    signals: tuple[Signals, ...]
    core: bool = False
    """A posting of this function that never mentions it gets a flag."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A neighbour, and how to tell the two apart."""

    with_: FieldName
    tell: LocalizedText


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """One file of ``functions/`` or ``families/``."""

    function: FieldName
    status: Literal["experimental", "test", "stable"]
    name: LocalizedText
    why: LocalizedText
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


Place = Literal["duties", "mixed", "requirements", "benefits", "company", "application", "denied"]


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
    hiring: Phrases = NO_PHRASES
    """Words that say that somebody is wanted, wherever their clause begins."""
    hiring_lines: Phrases = NO_PHRASES
    """The same only at the beginning of a line: elsewhere they may be a recruiter's duty."""
    roles: Phrases = NO_PHRASES
    """What the name of a job ends with; it counts only where jobs are offered."""
    ranks: Phrases = NO_PHRASES
    """What may stand before a job's name at the beginning of a numbered opening."""
    colleagues: Phrases = NO_PHRASES
    """Words above numbered jobs that are other people's."""
    headings: tuple[PlaceWords, ...] = ()
    cues: tuple[PlaceWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A department and its functions."""

    group: FieldName
    name: LocalizedText
    functions: tuple[FieldName, ...]


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

    tell: LocalizedText
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class FlagPhrases:
    """Phrases that raise a flag."""

    flag: FieldName
    words: Phrases


@dataclass(frozen=True, slots=True)
class FlagPatterns:
    """Regular expressions that show a flag, tried where one of ``if`` occurs.

    No `Phrases`: their brackets are those of regular expressions.
    """

    flag: FieldName
    if_: tuple[str, ...]
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    ja: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Market:
    """Where a posting is for, as far as its language and words show."""

    market: FieldName
    language: FieldName
    words: tuple[str, ...] = ()
    """One of these must occur, if there are any."""
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """A law that speaks of flagged words, where it was read and when."""

    market: FieldName
    flags: tuple[FieldName, ...]
    law: str
    article: str
    source: str
    checked: str
    with_: str = ""
    """What the flagged words must hold."""


@dataclass(frozen=True, slots=True)
class Flags:
    """``flags.yaml``."""

    phrases: tuple[FlagPhrases, ...] = ()
    patterns: tuple[FlagPatterns, ...] = ()
    markets: tuple[Market, ...] = ()
    laws: tuple[Law, ...] = ()


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
    year_words: Phrases = NO_PHRASES
    people_words: Phrases = NO_PHRASES
    """Words one of which stands in whatever the patterns find, if any are given."""
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
