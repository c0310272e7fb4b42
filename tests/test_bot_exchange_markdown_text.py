"""Markdown and HTML become plain text with line breaks; plain text comes back as it was."""

from __future__ import annotations

import re

import pytest
from exchange_help import ANSWERS, TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exchange.markdown_text import clean, escape, to_plain
from bot.exchange.slug import slug

TOLD = [
    ("plain", "每周五打款", "每周五打款"),
    ("bold", "**年假**按__工龄__算", "年假按工龄算"),
    ("italic", "*see* the _handbook_", "see the handbook"),
    ("names stay", "snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
    ("struck", "~~old~~ new", "old new"),
    ("code", "run `a_b*c*` now", "run a_b*c* now"),
    ("fence", "```sh\nls -l\n```", "ls -l"),
    ("link", "见[制度](https://x.example/hr)。", "见制度 (https://x.example/hr)。"),
    ("link with a title", '[a](https://x.example "Tip")', "a (https://x.example)"),
    ("link of itself", "[https://x.example](https://x.example)", "https://x.example"),
    ("address with marks", "[a](https://x.example/a_b_c)", "a (https://x.example/a_b_c)"),
    ("autolink", "<https://x.example>", "https://x.example"),
    ("image", "![plan](https://x.example/p.png) here", "plan here"),
    ("heading", "## Leave\ntext", "Leave\ntext"),
    ("quote", "> quoted\n> twice", "quoted\ntwice"),
    ("list", "* one\n+ two\n- three", "- one\n- two\n- three"),
    ("numbers stay", "1. one\n2. two", "1. one\n2. two"),
    ("rule", "a\n\n---\n\nb", "a\n\nb"),
    ("head of a table", "| a | b |\n|---|:-:|\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"),
    ("escapes", r"\#1 \*not bold\*", "#1 *not bold*"),
    ("breaks", "a<br>b<br/>\nc", "a\nb\nc"),
    ("paragraphs", "<p>a</p>\n<p> b </p>", "a\n\nb"),
    ("html list", "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>c", "- a\n- b\nc"),
    ("html link", "<a class='x' href='https://x.example'>go</a>", "go (https://x.example)"),
    ("mail", '<a href="mailto:hr@x.example">hr@x.example</a>', "hr@x.example"),
    ("entities", "a &amp; b&nbsp;&lt;c&gt; &copy;", "a & b <c> ©"),
    ("an entity is no mark", "&#42;a&#42; &lt;b&gt;", "*a* <b>"),
    ("script", "a<script>alert(1)</script><!-- x -->b", "ab"),
    ("no tag", "a < b and <name> > c", "a < b and <name> > c"),
    ("windows", "a\r\nb\rc", "a\nb\nc"),
    ("too many lines", "a  \n\n\n\nb", "a\n\nb"),
    ("control", "a\x00\x1b\ufeffb\u2028c", "ab\nc"),
]
SLUGS = [
    ("latin", "Where is the office?", "where_is_the_office"),
    ("chinese", "年假有几天？", "nian_jia_you_ji_tian"),
    ("mixed", "VPN怎么连", "vpn_zen_me_lian"),
    ("traditional", "報銷", "bao_xiao"),
    ("kana", "おしえて", "o_si_e_te"),
    ("hangul", "휴가", "hyu_ga"),
    ("accents", "Café", "cafe"),
    ("an id", "qna_12", "qna_12"),
]


@pytest.mark.parametrize(("text", "told"), [r[1:] for r in TOLD], ids=[r[0] for r in TOLD])
def test_plain_leaves_the_words(text, told):
    """Marks go; words, addresses and line breaks stay."""
    assert to_plain(text) == told


@given(ANSWERS)
@settings(max_examples=500)
def test_marked_comes_back(text):
    """Whatever a text holds, it survives being written and read again."""
    assert to_plain(escape(text)) == text


@given(TEXTS)
@settings(max_examples=300)
def test_plain_holds_what_a_file_can_hold(text):
    """No control characters, no blank ends of lines."""
    told = to_plain(text)
    assert clean(told) == told
    assert not re.search(r" \n|\n\n\n|\A\s|\s\Z", told)


@pytest.mark.parametrize("piece", ["<p>", "<a href='x'>", "**a", "[a](", "<!--", "# ", " ", "&#x;"])
def test_plain_takes_long_nonsense(piece):
    """A text as long as may come is told in no great time, whatever is repeated in it."""
    assert len(to_plain(piece * (32_000 // len(piece)))) <= 64_000


@pytest.mark.parametrize(("text", "short"), [r[1:] for r in SLUGS], ids=[r[0] for r in SLUGS])
def test_slug_spells_the_words(text, short):
    """Latin words stay, other scripts are spelt."""
    assert slug(text) == short


@given(st.text(max_size=200))
def test_slug_is_always_a_name(text):
    """Small letters, digits, underscores, short; the same text gives the same."""
    assert re.fullmatch(r"[a-z0-9_]{1,48}", slug(text))
    assert slug(text) == slug(text)


def test_slug_keeps_long_questions_apart():
    """What is cut off still counts."""
    long = "how do I ask for a day off when my manager is away "
    assert slug(long + "today") != slug(long + "tomorrow")
