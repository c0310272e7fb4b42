"""A result as the JSON that other programs rely on."""

from __future__ import annotations

import datetime
import json
from json.encoder import encode_basestring as _quoted
from typing import Any

from bot.postings.answer import effective_answer
from bot.postings.model import Decided, Result
from rules.postings.model import Flag, Level, Verdict
from rules.postings.posting_rules import PostingRules

EVIDENCE = "evidence"


def as_json(result: Result, rules: PostingRules) -> dict[str, Any]:
    """The fixed JSON object of one posting; of one that could not be read, what is wrong."""
    verdict = result.verdict
    if verdict is None:
        problem = result.row.problem
        error = problem.message("en") if problem else ""
        return {"id": result.row.id, "line": result.row.number, "error": error}
    evidence = [signal._asdict() for signal in verdict.evidence]
    return _head(result, verdict) | {EVIDENCE: evidence} | _tail(result, verdict, rules)


def as_line(result: Result, rules: PostingRules) -> str:
    """The same as JSON in one line, the evidence written by itself: most of a line is that, and
    the library takes a third of the time of a verdict for it."""
    verdict = result.verdict
    if verdict is None:
        return json.dumps(as_json(result, rules), ensure_ascii=False)
    told = json.dumps(_head(result, verdict), ensure_ascii=False)
    more = json.dumps(_tail(result, verdict, rules), ensure_ascii=False)
    evidence = ", ".join(
        f'{{"function": {_quoted(function)}, "text": {_quoted(text)}, "start": {start},'
        f' "end": {end}, "where": {_quoted(where)}, "weight": {weight!r},'
        f' "signal": {_quoted(signal)}}}'
        for function, text, start, end, where, weight, signal in verdict.evidence
    )
    return f'{told[:-1]}, "{EVIDENCE}": [{evidence}], {more[1:]}'


def _head(result: Result, verdict: Verdict) -> dict[str, Any]:
    """What stands before the evidence."""
    runner = verdict.runner_up
    return {
        "id": result.row.id,
        "lang": verdict.language,
        "function": verdict.function,
        "family": verdict.family,
        "decision": str(verdict.decision),
        "shares": verdict.shares,
        "scores": verdict.scores,
        "runner_up": runner
        and {
            "function": runner.function,
            "score": runner.score,
            "behind": runner.behind,
            "missing": runner.missing,
        },
    }


def _tail(result: Result, verdict: Verdict, rules: PostingRules) -> dict[str, Any]:
    """What stands behind it."""
    return {
        "oddities": [_flag(flag) for flag in verdict.flags],
        "level": _level(verdict.level),
        "question": verdict.question,
        "crosswalk": [
            {
                "scheme": c.scheme,
                "code": c.code,
                "match": c.match,
                "title": c.title,
                "mark": c.mark,
                **({"uri": c.uri} if c.uri else {}),
            }
            for c in rules.crosswalk.get(verdict.function, ())
        ],
        "stamp": {
            "version": verdict.stamp.version,
            "input": verdict.stamp.input,
            "lang": verdict.language,
        },
        "told_apart": _told_apart(verdict, rules),
        "correction": _correction(result.row.decided),
        "answer": _answer(verdict, result.row.decided, rules),
        "elapsed_ms": round(result.elapsed_ms, 3),
    }


def _told_apart(verdict: Verdict, rules: PostingRules) -> dict[str, Any] | None:
    found = verdict.told_apart
    if found is None:
        return None
    tell = rules.told_apart[found.contest].tell.text_in(verdict.language)
    return {"first": found.first, "second": found.second, "tell": tell}


def _answer(
    verdict: Verdict, decided: Decided | None, rules: PostingRules
) -> dict[str, str | None]:
    """What holds; all other fields tell what the rules said."""
    held = effective_answer(verdict, decided, rules)
    return {"function": held.function, "family": held.family, "decision": held.decision}


def _correction(decided: Decided | None) -> dict[str, Any] | None:
    if decided is None:
        return None
    at = datetime.datetime.fromtimestamp(decided.at, datetime.UTC).isoformat()
    return {
        "id": decided.id, "function": decided.function, "was": decided.was,
        "reason": decided.reason, "by": decided.by, "at": at,
    }  # fmt: skip


def _flag(flag: Flag) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": flag.kind, "text": flag.text}
    if flag.where:
        told |= {"where": flag.where, "start": flag.start, "end": flag.end}
    if flag.values:
        told["values"] = flag.values
    if flag.laws:
        told["laws"] = [
            {key: getattr(law, key) for key in ("market", "law", "article", "source", "checked")}
            for law in flag.laws
        ]
    return told


def _level(level: Level) -> dict[str, Any]:
    return {"rank": level.rank, "years": level.years, "people": level.people}
