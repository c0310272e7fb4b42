"""What the ``zhiwen`` command can do: a file for each field, each with `add` and its commands."""

from bot.commands import content, measure, postings, questions, server

FIELDS = (questions, postings, server, measure, content)
"""In the order in which the help lists them."""
