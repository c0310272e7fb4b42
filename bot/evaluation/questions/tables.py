"""What `zhiwen eval questions` counts, as tables; `report` and `page` draw the same ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.evaluation.figures import share
from bot.evaluation.questions.judging import answers, offers
from bot.evaluation.questions.model import (
    ANY,
    COMPARE,
    GOOD,
    Judged,
    Place,
    Verdict,
    Wanted,
)
from bot.evaluation.questions.rates import Rates, good_conversations, rates
from rules.questions.model import Band

CONFUSIONS = 25
RARE = 3
"""Messages of a kind below which it has no line of its own."""
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first cell of each row is its name."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(rows: list[Judged]) -> list[Table]:
    """All tables, those with nothing in them left out."""
    found = [
        _rates(rows),
        *(_verdicts(place, [r for r in rows if r.place is place]) for place in Place),
        _kinds(rows),
        _conversations(rows),
        _bands(rows),
        _missing_table(rows),
        _confusions("kinds confused (wanted -> given)", map(_kinds_of, _bad_rows(rows))),
        _confusions("sections confused, right entry", map(_sections_of, _wrong_section_rows(rows))),
    ]
    return [table for table in found if table.rows]


def languages(rows: list[Judged]) -> list[str]:
    """The languages in their order, then "all"."""
    return [*dict.fromkeys(row.language for row in rows), "all"]


def actual_text(row: Judged) -> str:
    """What a message got: entries and sections, or what was offered."""
    told = [f"{'a guess: ' * a.guess}{a.entry}/{a.section}" for a in answers(row.answer)]
    if told:
        return ", ".join(told)
    if row.answer.band is Band.ANSWER:
        return row.answer.intent or NOTHING
    return f"offers {', '.join(offers(row.answer))}" if row.answer.others else NOTHING


def expected_text(row: Judged) -> str:
    """What it ought to get, in the first place."""
    return "/".join(row.key.best) if row.key.best else str(Wanted.DECLINE)


def _of_language(rows: list[Judged], language: str) -> list[Judged]:
    return [row for row in rows if language in (row.language, "all")]


def _rates(rows: list[Judged]) -> Table:
    lines = []
    for place in Place:
        mine = [row for row in rows if row.place is place]
        for language in languages(mine) if mine else ():
            lines.append((f"{place}, {language}", *rates(_of_language(mine, language)).cells()))
    return Table("rates", ("", *Rates.HEAD), tuple(lines))


def _verdicts(place: Place, rows: list[Judged]) -> Table:
    columns = languages(rows)
    counts = [rates(_of_language(rows, language)).count for language in columns]
    lines = (
        (str(verdict), *(str(count[verdict]) for count in counts))
        for verdict in Verdict
        if counts[-1][verdict]
    )
    return Table(f"verdicts: {place}", ("", *columns), tuple(lines))


def _kinds(rows: list[Judged]) -> Table:
    """A line a kind of question, the most frequent first; the rare ones together."""
    counts = Counter(row.key.kind for row in rows)
    often = sorted((kind for kind in counts if counts[kind] >= RARE), key=lambda k: (-counts[k], k))
    lines = [(k or "(none)", *rates(r for r in rows if r.key.kind == k).cells()) for k in often]
    rest = [row for row in rows if counts[row.key.kind] < RARE]
    if rest:
        name = f"({len(counts) - len(often)} rarer kinds)"
        lines.append((name, *rates(rest).cells()))
    return Table("by kind", ("", *Rates.HEAD), tuple(lines) if any(counts) else ())


def _conversations(rows: list[Judged]) -> Table:
    lines = []
    for language in languages(rows):
        good, count = good_conversations(_of_language(rows, language))
        if count:
            lines.append((language, str(count), str(good), share(good, count)))
    return Table("conversations", ("", "conversations", "held to the end", "share"), tuple(lines))


def _bands(rows: list[Judged]) -> Table:
    lines = []
    for name in ("answer", "guess", "suggest", "decline"):
        mine = [row for row in rows if _band(row) == name]
        if mine:
            good = sum(row.verdict in GOOD for row in mine)
            lines.append((name, str(len(mine)), share(good, len(mine))))
    return Table("bands", ("", "n", "good"), tuple(lines))


def _band(row: Judged) -> str:
    return "guess" if row.answer.band is Band.ANSWER and row.answer.guess else str(row.answer.band)


def _missing_table(rows: list[Judged]) -> Table:
    """Of what is held in part, how often anything is said to be missing; not whether rightly."""
    mine = [row for row in rows if row.key.wanted is Wanted.PARTIAL and row.key.missing]
    told = sum(bool(row.answer.missing) for row in mine)
    line = ("something is named as missing", str(len(mine)), str(told), share(told, len(mine)))
    return Table("held in part", ("", "n", "named", "share"), (line,) if mine else ())


def _bad_rows(rows: list[Judged]) -> list[Judged]:
    return [row for row in rows if row.verdict not in GOOD]


def _wrong_section_rows(rows: list[Judged]) -> list[Judged]:
    return [row for row in rows if row.verdict is Verdict.SECTION]


def _confusions(title: str, pairs: Iterable[tuple[str, str]]) -> Table:
    counts = sorted(Counter(pairs).items(), key=lambda item: (-item[1], item[0]))[:CONFUSIONS]
    lines = ((f"{one} -> {other}", str(count)) for (one, other), count in counts)
    return Table(title, ("", "n"), tuple(lines))


def _kinds_of(row: Judged) -> tuple[str, str]:
    best, told, offered = row.key.best, answers(row.answer), offers(row.answer)
    expected = best[0].partition(".")[0] if best else NOTHING
    if told:
        entry = told[0].entry or NOTHING
        got = COMPARE if told[0].section == COMPARE else entry.partition(".")[0]
        return expected, f"{'a guess: ' * told[0].guess}{got}"
    if row.answer.band is Band.ANSWER:
        return expected, row.answer.intent or NOTHING
    return expected, f"offers: {offered[0].partition('.')[0]}" if offered else NOTHING


def _sections_of(row: Judged) -> tuple[str, str]:
    """The section that was wanted of the entry that came; of several, the first that is kept."""
    for answer in answers(row.answer):
        for entry, section in (row.key.best or ("", ""), *row.key.accept):
            if entry == answer.entry and section != ANY:
                return section, answer.section
    return ANY, row.answer.section
