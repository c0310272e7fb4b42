"""What the ``zhiwen`` command can do: a file for each field, each with `add` and its commands."""

from bot.commands import (
    content,
    corrections,
    exchange,
    measure,
    operation,
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
    people,
    operation,
    report,
    measure,
    content,
    exchange,
)
"""In the order in which the help lists them."""
