"""What the tests of exchange share: texts of every kind, and a content that holds given entries."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import strategies as st

from bot.exchange.markdown_text import one_line, tidy
from knowledge.engine.asking import Example
from knowledge.engine.compiler import Name
from knowledge.engine.model import Faq
from knowledge.engine.normal import compact, question_key

MARKS = ("**", "*", "_", "`", "[a](b)", "![a](b)", "<b>", "</p>", "&amp;", "&", "# ", "> ", "- ")
MARKS += ("\\", "\\n", "\\t", "|", "---", "```", "~~", "\n", "\n\n", " ", "'", '"', '""', "=", "+")
MARKS += (
    "<https://x.example>",
    "{slot}",
    "@",
    "\t",
    "年假",
    "はい",
    "회의",
    "a",
    "7",
    ": ",
    "%",
    "• ",
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(MARKS), max_size=12).map("".join))
ANSWERS = TEXTS.map(tidy).filter(bool)
QUESTIONS = TEXTS.map(one_line).filter(question_key)


class Shelf:
    """The part of a knowledge base that exchange asks for, over entries that are given."""

    def __init__(self, *entries, ours=()):
        self.entries = {entry.id: entry for entry in (*entries, *ours)}
        self.languages = {id_: ["zh"] for id_ in self.entries}
        self.own = {entry.id: "" for entry in entries}
        self.names = tuple(
            Name(compact(entry.title).text, entry.id, "zh", True) for entry in self.entries.values()
        )

    def entry(self, id_, language="zh"):
        """The entry."""
        return self.entries[id_]

    def ids(self, kind=None):
        """The ids of a kind."""
        return [id_ for id_ in self.entries if kind is None or id_.startswith(f"{kind}.")]

    def entry_of_example(self, key):
        """Whose example it is."""
        for entry in self.entries.values():
            if any(question_key(example.ask) == key for example in entry.examples):
                return entry.id, ""
        return None


def faq(slug, answer, *questions, title=None, **more):
    """An entry of an organization."""
    examples = tuple(Example(question) for question in questions)
    title = title or questions[0].rstrip("？?")
    return Faq(
        id=f"faq.{slug}", title=title, origin="organization", summary=answer, examples=examples,
        **more,
    )  # fmt: skip


def ours(id_, title, *questions):
    """An entry of ours, as far as exchange looks at it."""
    examples = tuple(Example(question) for question in questions)
    return SimpleNamespace(id=id_, title=title, examples=examples)
