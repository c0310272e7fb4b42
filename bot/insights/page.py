"""A report -> HTML: its figures as a piece of a page, and a page that stands by itself."""

from __future__ import annotations

from functools import partial

from bot.insights import names
from bot.insights.chart import chart
from bot.insights.model import Report
from bot.templates import environment
from bot.texts import say
from rules.book import RuleBook

WHATS = ("band", "language", "function")


def figures(report: Report, book: RuleBook, language: str) -> str:
    """Chart, counts and feedback, without any style of their own."""
    template = environment("insights").get_template("figures.html")
    counted = zip(WHATS, (report.bands, report.languages, report.functions), strict=True)
    tables = [
        (what, [(names.value(what, value, book, language), count) for value, count in rows])
        for what, rows in counted
    ]
    verdicts = [
        (v, names.entry(v.entry, book, language), names.section(v.section, language))
        for v in report.verdicts
    ]
    return template.render(
        say=partial(say, language),
        report=report,
        chart=chart(report.days),
        tables=tables,
        verdicts=verdicts,
    )


def page(report: Report, book: RuleBook, language: str) -> str:
    """The whole report as one file that needs nothing else."""
    return environment("insights").get_template("report.html").render(
        say=partial(say, language),
        language=language,
        report=report,
        figures=figures(report, book, language),
        near=lambda cluster: [names.entry(id_, book, language) for id_ in cluster.near],
        version=book.version,
    )  # fmt: skip
