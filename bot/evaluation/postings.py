"""`zhiwen eval postings`: how often the right function comes, and what each signal does."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import BadInput
from bot.evaluation import certainty
from bot.evaluation.figures import Figures, measure, share
from knowledge.engine.model import LANGUAGES
from rules.postings.automaton import SIGNAL
from rules.postings.classify import classify
from rules.postings.model import OUT_OF_SCOPE, Decision, Posting, Verdict
from rules.postings.normalized import language_of, normalize_text
from rules.postings.posting_rules import PostingRules

SURE = frozenset({Decision.AUTO, Decision.OUT_OF_SCOPE})
MODES = ("title and description", "description only")
CONFUSIONS = 25
COMMON = 0.2
"""Share of postings from which on a signal says little."""
SIGNALS = 60


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled posting."""

    posting: Posting
    function: str
    language: str
    source: str = ""
    """The board it is from, so that no board is judged by what was fitted on it."""
    trust: float = 1.0
    """How far a verdict that differs counts as wrong: boards' own labels often are, themselves."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled posting and its verdict."""

    label: Labelled
    verdict: Verdict

    @property
    def is_right(self) -> bool:
        """Whether the function is the expected one."""
        return self.verdict.function == self.label.function


@dataclass(slots=True)
class SignalRow:
    """What one phrase did over all postings: how often it fired, and for whom."""

    function: str
    text: str
    fired: int = 0
    right: int = 0
    overlaps: int = 0
    """Postings in which another phrase of the same function fired as well."""
    conflicts: int = 0
    """Postings in which a phrase of another function weighed as much."""

    @property
    def precision(self) -> float:
        """Share of the postings it fired in that belong to its function."""
        return self.right / self.fired if self.fired else 0.0


@dataclass(slots=True)
class Report:
    """Everything measured, for both modes."""

    rows: dict[str, list[Judged]]
    rules: PostingRules
    signals: list[SignalRow] = field(default_factory=list)


def read(path: str) -> list[Labelled]:
    """The labelled postings of a JSONL file. Raises BadInput."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text; save it as UTF-8") from None
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                rows.append(_labelled_row(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise BadInput(
                    f'{path}:{number}: expected {{"title"?, "description", "function", "lang"?}}'
                ) from None
    if not rows:
        raise BadInput(f"{path}: there is no posting in it")
    return rows


def _labelled_row(row: dict[str, object]) -> Labelled:
    text, title = row["description"], row.get("title") or ""
    if not isinstance(text, str) or not isinstance(title, str):
        raise TypeError
    lang = row.get("lang")
    language = str(lang) if lang in LANGUAGES else language_of(f"{title}\n{text}")
    source = str(row.get("source") or "").partition("_")[0]
    trust = float(str(row.get("trust", 1)))
    posting = Posting(text, title, language)
    return Labelled(posting, str(row["function"]), language, source, trust)


def run(rows: list[Labelled], rules: PostingRules) -> Report:
    """Classify every posting, with its title and without, and count what each signal did."""
    whole = [Judged(row, classify(row.posting, rules)) for row in rows]
    bare = [
        Judged(row, classify(Posting(row.posting.description, "", row.language), rules))
        for row in rows
    ]
    report = Report({MODES[0]: whole, MODES[1]: bare}, rules)
    report.signals = _signals(bare, rules)
    return report


def _signals(rows: list[Judged], rules: PostingRules) -> list[SignalRow]:
    found: dict[tuple[str, str], SignalRow] = {}
    for row in rows:
        expected = row.label.function
        seen: dict[tuple[str, str], float] = {}
        for s in row.verdict.evidence:
            key = (s.function, s.text.casefold())
            seen[key] = max(s.weight, seen.get(key, 0.0))
        for (function, text), weight in seen.items():
            line = found.setdefault((function, text), SignalRow(function, text))
            line.fired += 1
            mine = OUT_OF_SCOPE if function in rules.families else function
            line.right += mine == expected
            line.overlaps += any(f == function and t != text for f, t in seen)
            line.conflicts += any(f != function and w >= weight for (f, _), w in seen.items())
    return sorted(found.values(), key=lambda line: (-line.fired, line.function, line.text))


def figures(rows: Iterable[Judged], rules: PostingRules) -> Figures:
    """The figures of a set of judged postings."""
    return measure(((row.label.function, row.verdict.function) for row in rows), rules.group)


def summary(report: Report) -> str:
    """The tables people read."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for mode, rows in report.rows.items():
        yield f"{mode}"
        yield Figures.HEADER
        for language in (*dict.fromkeys(row.label.language for row in rows), "all"):
            mine = [row for row in rows if language in (row.label.language, "all")]
            yield figures(mine, report.rules).line(language)
        yield from _sureness(rows)
        yield ""
    yield f"confusions, {MODES[1]} (expected -> got):"
    for (expected, got), count in _confusions(report.rows[MODES[1]])[:CONFUSIONS]:
        yield f"{count:>5}  {expected} -> {got}"
    yield ""
    yield from _coverage(report)
    yield ""
    yield "signals that fired most (fired, precision, with others of the function, contradicted):"
    for line in report.signals[:SIGNALS]:
        counts = f"{line.fired:>5}  {100 * line.precision:>4.0f} %  {line.overlaps:>5}"
        yield f"{counts} {line.conflicts:>5}  {line.function}: {line.text}"


def _coverage(report: Report) -> Iterator[str]:
    """Which signals never fire on these postings, and which fire in too many to tell much."""
    rules, total = report.rules, len(report.rows[MODES[1]])
    known = {
        (row.owner, phrase)
        for phrase in rules.body.phrases
        for row in rules.body.rows(phrase)
        if row.kind == SIGNAL
    }
    fired = {(line.function, normalize_text(line.text).text) for line in report.signals}
    silent = Counter(owner for owner, phrase in known - fired)
    yield f"signals: {len(known)}, of which {sum(silent.values())} never fired on these postings"
    for owner, count in sorted(silent.items(), key=lambda row: (-row[1], row[0]))[:5]:
        yield f"  {count:>5}  {owner}"
    common = [line for line in report.signals if line.fired > COMMON * total]
    yield f"signals that fire in more than {COMMON:.0%} of postings: {len(common)}"
    for line in common:
        yield f"  {line.fired:>5}  {line.function}: {line.text}"


def _sureness(rows: list[Judged]) -> Iterator[str]:
    for decision in Decision:
        mine = [row for row in rows if row.verdict.decision is decision]
        part = share(len(mine), len(rows))
        yield f"  {decision!s:13}{part:>8} of postings,{_right_share(mine):>8} right"
    sure = [row for row in rows if row.verdict.decision in SURE]
    rest = [row for row in rows if row.verdict.decision not in SURE]
    yield (
        f"  sure (auto, out_of_scope): {share(len(sure), len(rows))} of postings,"
        f" {_right_share(sure)} right; the rest {_right_share(rest)} right"
    )


def _right_share(rows: list[Judged]) -> str:
    return share(sum(row.is_right for row in rows), len(rows))


def _confusions(rows: list[Judged]) -> list[tuple[tuple[str, str], int]]:
    wrong = ((r.label.function, r.verdict.function) for r in rows if not r.is_right)
    return sorted(Counter(wrong).items(), key=lambda row: (-row[1], row[0]))


def cases(report: Report) -> list[certainty.Case]:
    """What thresholds of certainty are fitted on: every verdict, with its title and without."""
    found = (
        certainty.case_of(
            row.verdict, mode == MODES[0] and bool(row.label.posting.title), row.is_right,
            row.label.source, report.rules, row.label.trust,
        )
        for mode, rows in report.rows.items()
        for row in rows
    )  # fmt: skip
    return [case for case in found if case]


def diff(rows: list[Labelled], before: PostingRules, after: PostingRules) -> str:
    """What an overlay changes on labelled postings: figures side by side, then each verdict."""
    one, two = run(rows, before), run(rows, after)
    lines = []
    for mode in MODES:
        lines += [mode, Figures.HEADER]
        lines.append(figures(one.rows[mode], before).line("before"))
        lines.append(figures(two.rows[mode], after).line("after"))
    changed: defaultdict[str, list[str]] = defaultdict(list)
    for old, new in zip(one.rows[MODES[0]], two.rows[MODES[0]], strict=True):
        was, now = old.verdict.function, new.verdict.function
        if was != now:
            kind = "mended" if new.is_right else "spoilt" if old.is_right else "still wrong"
            title = old.label.posting.title or old.label.posting.description[:40]
            changed[kind].append(f"  {title!r}: {was} -> {now} (expected {old.label.function})")
    for kind in ("mended", "spoilt", "still wrong"):
        lines += ["", f"{kind}: {len(changed[kind])}", *changed[kind]]
    return "\n".join(lines)


def page(report: Report) -> str:
    """An HTML page: the summary, a confusion matrix as a picture, and the table of signals."""
    from bot.templates import environment

    rows = report.rows[MODES[1]]
    names = [*report.rules.functions, OUT_OF_SCOPE]
    cells = Counter((row.label.function, row.verdict.function) for row in rows)
    totals = Counter(row.label.function for row in rows)
    used = [name for name in names if totals[name] or any(cells[o, name] for o in names)]
    return (
        environment("evaluation")
        .get_template("postings.html")
        .render(
            summary=summary(report),
            names=used,
            cells=cells,
            totals=totals,
            signals=report.signals,
            size=18,
            version=report.rules.version,
        )
    )
