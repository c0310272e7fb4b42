"""Replies as Telegram text: markup that parses, pieces that fit, nothing lost in between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_html import parse, units

from bot.channels.telegram.render import render
from bot.channels.telegram.split import Run, html, part, plain_text
from bot.model import Bullets, Footnote, Heading, Paragraph, Table

WORDS = st.text(
    st.one_of(
        st.sampled_from("ab<>&\"' \n\n.。!？;\u00e9\u4e2d\u6587\U0001f600\U0001f468\u200d"),
        st.characters(),
    ),
    max_size=60,
)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Heading, WORDS, st.sampled_from(["", "minor", "<b>"])),
        st.builds(Paragraph, WORDS),
        st.builds(Footnote, WORDS),
        st.builds(Bullets, st.lists(WORDS, max_size=3).map(tuple), WORDS, st.booleans()),
        st.builds(
            Table,
            st.just(("&", "x")),
            st.lists(st.tuples(WORDS, st.tuples(WORDS, WORDS)), max_size=3).map(tuple),
        ),
    ),
    max_size=5,
)


def seen(blocks, limit=4096):
    """(text, kinds of marked stretches) of each message that the blocks become."""
    return [parse(html(piece)) for piece in part(render(blocks), limit)]


@settings(deadline=None)
@given(BLOCKS, st.integers(2, 80))
def test_render_pieces_are_valid_and_fit(blocks, limit):
    """Every piece parses by itself, is not empty, and is no longer than Telegram allows."""
    for text, _ in seen(blocks, limit):
        assert text.strip() == text != ""
        assert units(text) <= limit


@settings(deadline=None)
@given(BLOCKS, st.integers(2, 80))
def test_render_loses_nothing_but_spaces(blocks, limit):
    """All pieces together say what one long message would say."""
    whole = plain_text(render(blocks))
    told = "".join(text for text, _ in seen(blocks, limit))
    assert "".join(told.split()) == "".join(whole.split())


@settings(deadline=None)
@given(WORDS, st.sampled_from(["", "b", "i", "blockquote"]))
def test_render_markup_is_read_as_it_was_meant(text, tag):
    """What is marked is marked, however many signs of markup the text itself has."""
    body = plain_text(render([Paragraph(text)]))
    found, entities = parse(html([Run(body, tag)]))
    assert found == body
    assert len(entities) == bool(tag and body)


@pytest.mark.parametrize(
    ("block", "text", "marked"),
    [
        pytest.param(Heading("A & B"), "A & B", ["bold"], id="heading"),
        pytest.param(Heading("A", "role"), "A \u00b7 role", ["bold"], id="heading-note"),
        pytest.param(Heading("A", "minor"), "A", ["bold"], id="minor-heading"),
        pytest.param(Paragraph("1 < 2"), "1 < 2", [], id="paragraph"),
        pytest.param(Footnote("Source: x"), "Source: x", ["blockquote"], id="footnote"),
        pytest.param(Bullets(("a", "b")), "\u2022 a\n\u2022 b", [], id="bullets"),
        pytest.param(Bullets(("a", "b"), "T", True), "T\n1. a\n2. b", ["bold"], id="numbered"),
        pytest.param(Bullets(("\u2610 a\nwhen", "\u2611 b")), "\u2610 a\nwhen\n\n\u2611 b", [],
                     id="boxes"),
        pytest.param(Bullets(("a\r\nb\x00c\ud800",)), "\u2022 a\nb c\ufffd", [], id="unclean"),
        pytest.param(
            Table(("Marketing", ""), (("Goal", ("want", "x")), ("Time", ("", "y")))),
            "Goal\nMarketing: want\nx\n\nTime\ny", ["bold", "bold"], id="table",
        ),
        pytest.param(Table(("A",), ()), "", [], id="empty-table"),
    ],
)  # fmt: skip
def test_render_block(block, text, marked):
    """Each kind of block reads well on a phone."""
    assert plain_text(render([block])) == text
    assert [entity.type for entity in parse(html(render([block])))[1]] == marked


def test_render_sources_are_one_quotation():
    """Footnotes that follow one another stand in one quotation; a heading is close to its text."""
    blocks = [Heading("H"), Paragraph("p"), Footnote("one"), Footnote("two")]
    [(text, entities)] = seen(blocks)
    assert text == "H\np\n\none\ntwo"
    assert [entity.type for entity in entities] == ["bold", "blockquote"]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        pytest.param("aaaa\n\nbb\nbb", 8, ["aaaa", "bb\nbb"], id="paragraph"),
        pytest.param("aa aa\nbb bb", 8, ["aa aa", "bb bb"], id="line"),
        pytest.param("One two. Three", 10, ["One two.", "Three"], id="sentence"),
        pytest.param("\u4e00\u4e8c\u3002\u4e09\u56db", 4, ["\u4e00\u4e8c\u3002", "\u4e09\u56db"],
                     id="han-sentence"),
        pytest.param("one two three", 9, ["one two", "three"], id="word"),
        pytest.param("\U0001f600\U0001f600\U0001f600", 5, ["\U0001f600\U0001f600", "\U0001f600"],
                     id="surrogates"),
        pytest.param("&&&&", 2, ["&&", "&&"], id="entities-count-once"),
        pytest.param("x" * 4096, 4096, ["x" * 4096], id="just-fits"),
        pytest.param("x" * 4097, 4096, ["x" * 4096, "x"], id="one-too-many"),
        pytest.param(" \n ", 10, [], id="nothing"),
    ],
)  # fmt: skip
def test_split_where_it_reads_best(text, limit, pieces):
    """A piece ends at a paragraph, else a line, a sentence, a word, between two signs."""
    assert [plain_text(piece) for piece in part((Run(text),), limit)] == pieces


def test_split_keeps_the_marks_of_both_halves():
    """A marked stretch that is part is marked in both pieces."""
    pieces = part((Run("one two", "b"), Run(" three")), 5)
    assert [html(piece) for piece in pieces] == ["<b>one</b>", "<b>two</b>", "three"]
