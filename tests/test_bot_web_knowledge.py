"""The knowledge pages: kinds, search, entries with their sources, comparisons, the cycle."""

from __future__ import annotations

import html
import re

import pytest

from bot.model import Paragraph
from bot.templates import environment
from bot.texts import say
from bot.web import library
from knowledge.engine.model import KINDS, LANGUAGES

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def client(server):
    """A browser at a server where nobody signs in."""
    with server.client() as browser:
        yield browser


def get(client, path, language="en", **params):
    """A page in that language, its entities resolved."""
    answer = client.get(path, params={"lang": language, **params})
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_knowledge_shows_its_kinds(client, book, language):
    """Each kind with the number of its entries."""
    page = get(client, "/knowledge", language)
    for kind, count in library.kinds(book.base):
        assert f'href="/knowledge?kind={kind}"' in page
        assert say(language, f"kind.{kind}") in page
        assert f">{count}</span>" in page


@pytest.mark.parametrize("kind", KINDS)
def test_knowledge_lists_a_kind(client, book, kind):
    """Every entry of it, each a link, some dozens on a page; behind the last is the last again."""
    seen, number, following = [], 0, ["start"]
    while following:
        number += 1
        page = get(client, "/knowledge", kind=kind, p=str(number))
        seen.append(re.findall(r'<h3><a href="/knowledge/([^"]+)"', page))
        following = re.findall(r'rel="next"', page)
    assert sorted(id_ for leaf in seen for id_ in leaf) == sorted(library.ids(book.base, kind))
    assert max(map(len, seen)) <= 60
    behind = get(client, "/knowledge", kind=kind, p="999")
    assert re.findall(r'<h3><a href="/knowledge/([^"]+)"', behind) == seen[-1]


@pytest.mark.parametrize(
    ("words", "language", "wanted"),
    [
        pytest.param("内容运营", "zh", "role.content_operations", id="zh"),
        pytest.param("public relations", "en", "role.public_relations", id="en"),
        pytest.param("コンテンツ運用", "ja", "role.content_operations", id="ja"),
        pytest.param("콘텐츠 운영", "ko", "role.content_operations", id="ko"),
    ],
)
def test_knowledge_is_searched(client, words, language, wanted):
    """A name finds its entry among the first, in each language."""
    page = get(client, "/knowledge", language, q=words)
    assert wanted in re.findall(r'<h3><a href="/knowledge/([^"]+)"', page)[:5]


def test_knowledge_search_keeps_to_a_kind(client):
    """Only entries of the kind that was chosen."""
    page = get(client, "/knowledge", q="用户", kind="metric")
    found = re.findall(r'<h3><a href="/knowledge/([^"]+)"', page)
    assert found
    assert all(id_.startswith("metric.") for id_ in found)


@pytest.mark.parametrize("words", ["qqxzv", "   ", "%", "\u0000", "🦄"])
def test_knowledge_search_for_nothing_finds_nothing(client, words):
    """No hit, and no fault."""
    assert '<h3><a href="/knowledge/' not in get(client, "/knowledge", q=words)


def test_knowledge_search_words_are_shown_as_text(client):
    """What is typed never becomes part of the page."""
    for params in ({"q": HOSTILE}, {"kind": HOSTILE[:20]}):
        answer = client.get("/knowledge", params=params)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "faq"])
def test_knowledge_entry_shows_sections_and_sources(client, book, kind, language):
    """Every section under its heading, and where it comes from."""
    id_ = library.ids(book.base, kind)[0]
    opened = library.entry_page(book.base, id_, language)
    page = get(client, f"/knowledge/{id_}", language)
    assert f"<h1>{book.base.title(id_, language)}</h1>" in page
    for part in opened.parts:
        assert f'<h2 id="s-{part.name}">{say(language, f"section.{part.name}")}</h2>' in page
    assert opened.sources[0].text in page


def test_knowledge_entry_marks_what_is_general_practice(client):
    """A section that its article does not back says so itself."""
    page = get(client, "/knowledge/role.brand")
    assert say("en", "source.general") in page
    assert say("en", "web.knowledge.unless") in page


@pytest.mark.parametrize("id_", ["role.none", "brand", "role.", "..%2Frole.brand", "role.brand%00"])
def test_knowledge_entry_that_is_none_is_not_found(client, id_):
    """Whatever stands in its place."""
    assert client.get(f"/knowledge/{id_}").status_code == 404


def test_knowledge_compares_by_a_written_comparison(client):
    """It names the written one and shows the columns that were asked for."""
    page = get(client, "/knowledge/compare", of=["role.content_operations", "role.user_operations"])
    assert say("en", "web.knowledge.written") in page
    assert len(re.findall(r'<th scope="col">', page)) == 2


def test_knowledge_composes_a_comparison(client):
    """Where nobody has written one, the entries' own words stand beside each other."""
    ids = "role.brand,role.customer_service,role.product_management,role.sales"
    page = get(client, "/knowledge/compare", of=ids)
    assert say("en", "web.knowledge.composed") in page
    assert len(re.findall(r'<th scope="col">', page)) == 4


@pytest.mark.parametrize(
    "of",
    [
        pytest.param([], id="none"),
        pytest.param(["role.brand"], id="one"),
        pytest.param(["role.brand", "role.brand"], id="twice-the-same"),
        pytest.param(
            "role.brand,role.sales,role.user_operations,role.public_relations,role.store_operations",
            id="five",
        ),
    ],
)
def test_knowledge_compares_two_to_four(client, of):
    """For any other number it says what to do."""
    answer = client.get("/knowledge/compare", params={"of": of})
    assert answer.status_code == 422
    assert say("en", "web.knowledge.choose") in answer.text


def test_knowledge_compares_only_what_there_is(client):
    """An id of nothing is not found."""
    answer = client.get("/knowledge/compare", params={"of": ["role.brand", "role.none"]})
    assert answer.status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_knowledge_cycle_is_drawn_and_told(client, book, language):
    """Nine links in order in the wheel, the same nine in a list, and the honest +1."""
    page = get(client, "/knowledge/cycle", language)
    steps = [step.id for step in library.steps(book.base, language)]
    drawn, _, rest = page.partition('<svg class="wheel"')[2].partition("</svg>")
    assert re.findall(r'<a href="/knowledge/([^"]+)"', drawn) == [*steps, library.PLUS_ONE]
    listed = rest.partition("<ol>")[2].partition("</ol>")[0]
    assert re.findall(r'<a href="/knowledge/([^"]+)"', listed) == steps
    told = library.entry(book.base, library.PLUS_ONE, language)
    assert told.summary in rest
    assert say(language, "web.knowledge.unknown") in drawn


def test_knowledge_pages_have_no_inline_script_or_style(client):
    """The policy of the server allows neither."""
    for path in ("", "?kind=role", "/role.brand", "/cycle", "/compare?of=role.brand,role.sales"):
        page = client.get(f"/knowledge{path}").text
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", page), path


def test_knowledge_is_for_everyone_who_may_ask(password_server):
    """Staff may; strangers are asked to sign in."""
    with password_server.signed_in("knowledge-staff", "staff") as client:
        assert client.get("/knowledge/role.brand").status_code == 200
    with password_server.client() as nobody:
        for path in ("/knowledge", "/knowledge/cycle", "/knowledge/role.brand"):
            assert nobody.get(path).headers["location"].startswith("/sign-in")


def test_blocks_keep_the_lines_of_a_text():
    """An answer of several lines is shown in several lines."""
    draw = environment("web").get_template("blocks.html").module.draw
    assert '<p class="lines">a\nb</p>' in draw([Paragraph("a\nb")])
    assert "<p>a b</p>" in draw([Paragraph("a b")])
