"""The line that was asked for stands first."""

import pytest

from bot.assistant import reply
from bot.model import Bullets, Chat, Message
from rules.questions.lines import asked_line_first
from rules.questions.model import Answer, Band, Evidence

ROLE = "role.public_relations"


def answer(*evidence):
    """An answer about a role with that evidence."""
    return Answer(Band.ANSWER, "owner", ROLE, "responsibilities", 1.0, evidence=evidence)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("谁负责写新闻稿", "撰写和发布新闻稿"),
        ("who writes the press release", "Write and issue press releases"),
        ("プレスリリースは誰が書きますか", "プレスリリースの作成"),
        ("보도자료는 누가 쓰나요", "보도자료 작성"),
    ],
)
def test_duty_that_was_asked_for_stands_first(book, text, first):
    """Of the duties the one that was asked about is told; the whole list is offered."""
    outcome = reply(Message(text), Chat(), book)
    shown = next(b for b in outcome.reply.blocks if isinstance(b, Bullets))
    assert shown.items[0].startswith(first)
    role = book.base.entry(ROLE, outcome.reply.language)
    told = [item.removesuffix(" \u2021") for item in shown.items]
    assert set(told) < set(role.responsibilities)
    assert outcome.reply.choices[0].section == "responsibilities"
    if outcome.reply.language == "zh":
        assert outcome.chat.conversation.items[0][0] == shown.items[0][:12]


def test_lines_keep_their_order_without_a_sign(book):
    """The name of the entry itself says nothing about its lines."""
    lines = book.base.entry(ROLE).responsibilities
    itself = Evidence("name", "公关", 0, 2, ROLE)
    assert asked_line_first(lines, answer(itself), book.base) == lines
    assert asked_line_first(lines, answer(), book.base) == lines
    assert asked_line_first((), answer(itself), book.base) == ()
