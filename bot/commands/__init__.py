"""What the ``zhiwen`` command can do: a file for each field, each with `add` and its commands."""

from bot.commands import (
    backup,
    completion,
    content,
    corrections,
    edits,
    evaluate,
    exchange,
    kpis,
    maintenance,
    mcp,
    organize,
    people,
    postings,
    questions,
    report,
    runs,
    server,
)

FIELDS = (
    questions,
    postings,
    corrections,
    runs,
    server,
    mcp,
    people,
    maintenance,
    backup,
    report,
    edits,
    evaluate,
    content,
    kpis,
    organize,
    exchange,
    completion,
)
"""In the order in which the help lists them."""
