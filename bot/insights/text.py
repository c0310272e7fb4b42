"""A report as text."""

from __future__ import annotations

from collections.abc import Iterator

from bot.insights import names
from bot.insights.model import Cluster, Report
from bot.insights.page import WHATS
from bot.texts import say
from rules.book import RuleBook

CLUSTERS = 20
OTHERS = 3
"""Other spellings told of a cluster."""


def text(report: Report, book: RuleBook, language: str) -> str:
    """The report to read in a terminal."""
    return "\n".join(_lines(report, book, language))


def _lines(report: Report, book: RuleBook, language: str) -> Iterator[str]:
    yield say(language, "insights.window", days=len(report.days))
    yield say(language, "insights.total", count=report.total)
    counted = zip(WHATS, (report.bands, report.languages, report.functions), strict=True)
    for what, rows in counted:
        yield from ("", say(language, f"insights.{what}"))
        for value, count in rows:
            yield f"  {count:>6}  {names.value(what, value, book, language)}"
        if not rows:
            yield f"  {say(language, 'insights.none')}"
    yield from ("", say(language, "insights.per_day"))
    yield from (f"  {day.total:>6}  {day.date}" for day in report.days if day.total)
    yield from ("", say(language, "insights.feedback", good=report.good, bad=report.bad))
    for verdict in report.verdicts:
        entry = names.entry(verdict.entry, book, language)
        section = names.section(verdict.section, language)
        yield f"  +{verdict.good} -{verdict.bad}  {entry} / {section}"
        yield from (f"           {reason}" for reason in verdict.reasons)
    for key, clusters in (("unanswered", report.unanswered), ("weak", report.weak_clusters)):
        yield from ("", say(language, f"insights.{key}"))
        for cluster in clusters[:CLUSTERS]:
            yield from _cluster(cluster, book, language)
        if not clusters:
            yield f"  {say(language, 'insights.none')}"
        elif len(clusters) > CLUSTERS:
            yield f"  {say(language, 'insights.more', count=len(clusters) - CLUSTERS)}"


def _cluster(cluster: Cluster, book: RuleBook, language: str) -> Iterator[str]:
    yield f"  {cluster.count:>6}  {cluster.question}"
    others = [one.question for one in cluster.spellings if one.question != cluster.question]
    yield from (f"          {other}" for other in dict.fromkeys(others[:OTHERS]))
    if cluster.near:
        near = say(language, "list.comma").join(
            names.entry(id_, book, language) for id_ in cluster.near
        )
        yield "          " + say(language, "insights.near", entries=near)
