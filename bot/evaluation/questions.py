"""`zhiwen eval questions`: how often the right entry comes, per language and band."""

from __future__ import annotations

import html
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput
from rules.book import RuleBook
from rules.examples import decide
from rules.questions.model import Answer, Band

OUTCOMES = (
    "right",
    "suggested right",
    "declined rightly",
    "wrong",
    "suggested wrongly",
    "declined wrongly",
    "answered wrongly",
)
GOOD = frozenset(OUTCOMES[:3])
BINS = 10
LOWEST = 8
"""Below this a suggestion rests on nothing a person would see."""
SUGGESTIONS = 3
MAX_ANSWERED = 0.05
"""Share of what should be declined that may be answered."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled question and what became of it."""

    question: str
    language: str
    expects: tuple[str, ...]
    answer: Answer
    outcome: str


def read(path: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(question, language, expected ids) of every line. Raises BadInput."""
    rows = []
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text; save it as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            expects = row["expects"]
            rows.append((str(row["question"]), str(row["lang"]), tuple(map(str, expects))))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadInput(
                f'{path}:{number}: expected {{"question", "lang", "expects": [ids]}}'
            ) from None
    return rows


def run(rows: Iterable[tuple[str, str, tuple[str, ...]]], book: RuleBook) -> list[Row]:
    """Ask every question in a fresh chat and judge the answer."""
    result = []
    for question, language, expects in rows:
        got = decide(question, language, book)
        result.append(Row(question, language, expects, got, judge(got, expects)))
    return result


def judge(got: Answer, expects: tuple[str, ...]) -> str:
    """One of OUTCOMES. A comparison set side by side is right if all it shows was expected."""
    if got.band is Band.ANSWER:
        if not expects:
            return "answered wrongly" if got.entry else "declined rightly"
        composed = got.section == "compare" and set(got.compared) & set(expects)
        return "right" if got.entry in expects or composed else "wrong"
    if not expects:
        return "declined rightly"
    if got.band is Band.DECLINE:
        return "declined wrongly"
    offered = [candidate.entry for candidate in got.others[:SUGGESTIONS]]
    return "suggested right" if set(offered) & set(expects) else "suggested wrongly"


def summary(rows: list[Row]) -> str:
    """The table people read: a line a language, then bands and confusions."""
    lines = [f"{'':10}" + "".join(f"{name:>18}" for name in OUTCOMES) + f"{'n':>6}"]
    languages = [*dict.fromkeys(row.language for row in rows), "all"]
    for language in languages:
        mine = [row for row in rows if language in (row.language, "all")]
        count = Counter(row.outcome for row in mine)
        cells = "".join(f"{count[name]:>18}" for name in OUTCOMES)
        lines.append(f"{language:10}{cells}{len(mine):>6}")
    lines.append("")
    for language in languages:
        mine = [row for row in rows if language in (row.language, "all")]
        covered = [row for row in mine if row.expects]
        empty = [row for row in mine if not row.expects]
        first = _share(covered, {"right"})
        among = _share(covered, {"right", "suggested right"})
        kept = _share(empty, {"declined rightly"})
        lines.append(
            f"{language}: covered {len(covered)}: right {first}, right or suggested {among};"
            f" to be declined {len(empty)}: not answered {kept}"
        )
    lines.append("")
    for band in Band:
        mine = [row for row in rows if row.answer.band is band]
        lines.append(f"band {band}: {len(mine)}, good {_share(mine, GOOD)}")
    for row in rows:
        if row.outcome not in GOOD:
            got = row.answer.entry or [c.entry for c in row.answer.others[:SUGGESTIONS]]
            lines.append(
                f"{row.outcome} [{row.language}] {row.question} -> {got}"
                f" ({row.answer.score:.2f}), expected {list(row.expects)}"
            )
    return "\n".join(lines)


def _share(rows: list[Row], outcomes: Iterable[str]) -> str:
    if not rows:
        return "-"
    return f"{100 * sum(row.outcome in set(outcomes) for row in rows) / len(rows):.1f} %"


def fit(rows: list[Row]) -> tuple[int, int, int]:
    """(answer, suggest, margin) thresholds in hundredths that lose least on these rows.

    A wrong answer costs three, an answer to what should be declined four, a covered question
    declined two, one merely suggested one, a suggestion where there is nothing a quarter. Before
    all that, at most one in twenty of what should be declined may be answered. The scores of *rows*
    must have been made with all thresholds at zero.
    """
    best = (True, float("inf"), 0, 0, 0)
    empty = [row for row in rows if not row.expects]
    for answer in range(20, 100, 2):
        for suggest in range(LOWEST, answer, 2):
            for margin in (0, 2, 4, 6, 8):
                cost = sum(_cost(row, answer, suggest, margin) for row in rows)
                answered = sum(_cost(row, answer, suggest, margin) >= 4 for row in empty)
                best = min(
                    best, (answered > MAX_ANSWERED * len(empty), cost, answer, suggest, margin)
                )
    return best[2:]


def _cost(row: Row, answer: int, suggest: int, margin: int) -> float:
    if (
        row.answer.limit
        or row.answer.score >= 1.0
        or not row.answer.others
        or row.answer.band is Band.DECLINE
    ):
        return 0.0
    score = row.answer.score * 100
    ranked = [row.answer.entry, *(c.entry for c in row.answer.others)]
    lead = score - row.answer.others[0].score * 100
    right_first = ranked[0] in row.expects
    if score >= answer and lead >= margin:
        return 0.0 if right_first else 3.0 if row.expects else 4.0
    if score >= suggest:
        return 0.25 if not row.expects else 1.0 if set(ranked[:3]) & set(row.expects) else 2.0
    return 2.0 if row.expects else 0.0


def page(rows: list[Row]) -> str:
    """An HTML page: the summary and a reliability plot of score against share right."""
    bins: defaultdict[int, list[bool]] = defaultdict(list)
    for row in rows:
        if row.answer.band is Band.ANSWER and row.answer.entry:
            bins[min(BINS - 1, int(row.answer.score * BINS))].append(row.outcome == "right")
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>zhiwen eval questions</title>"
        "<style>body{font:15px system-ui;margin:2em;max-width:70em}"
        "pre{white-space:pre-wrap}</style>"
        f"<h1>Questions</h1>{_plot(bins)}<pre>{html.escape(summary(rows))}</pre></html>"
    )


def _plot(bins: dict[int, list[bool]]) -> str:
    size = 300
    marks = [f'<path d="M0 {size}L{size} 0" stroke="#bbb"/>']
    for i, right in sorted(bins.items()):
        x, y = (i + 0.5) / BINS * size, size - sum(right) / len(right) * size
        marks.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{3 + len(right) ** 0.5:.1f}" fill="#2a7">'
            f"<title>{len(right)} answers</title></circle>"
        )
    return (
        f'<svg role="img" aria-label="score against share right" width="{size + 20}"'
        f' height="{size + 20}" viewBox="-10 -10 {size + 20} {size + 20}">{"".join(marks)}</svg>'
    )
