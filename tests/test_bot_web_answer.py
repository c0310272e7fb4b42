"""What a person decided is what every page and download of a batch says, beside the rules."""

from __future__ import annotations

import csv
import html
import io
import json

import pytest
from posting_pages import batch, form_of, send, table

from bot.postings.output import name_of
from bot.texts import say
from knowledge.engine.model import LANGUAGES

DUTIES = "开发新客户；电话邀约；完成销售指标；跟进签约和回款；维护客户关系"
REASON = "媒体关系为主"


@pytest.fixture
def client(server):
    """A browser at a server where nobody signs in."""
    with server.client() as browser:
        yield browser


@pytest.fixture(params=LANGUAGES)
def corrected(client, request):
    """(client, language, address) of a batch of two whose first row somebody has corrected."""
    language = request.param
    client.cookies.set("zhiwen_lang", language)
    rows = (
        ("1", "销售代表", f"{DUTIES}（{language}）"),
        ("2", "销售代表", f"{DUTIES}（{language}2）"),
    )
    where, _ = batch(client, ("岗位.csv", table(rows)))
    row = f"{where}/rows/1"
    sent = {"form": form_of(client, where), "correct": "public_relations", "reason": REASON}
    assert client.post(row, data=sent).status_code == 303
    return client, language, where


def test_answer_of_a_batch_is_the_persons(corrected, book):
    """Summary and counts above the table, and the summary below it, count what was decided."""
    client, language, where = corrected
    page = html.unescape(client.get(where).text)
    sales, chosen = (name_of(f, book.pack, language) for f in ("sales", "public_relations"))
    sums = page[page.index('<p class="sums">') :].partition("</p>")[0]
    assert f"{sales} <strong>1</strong>" in sums
    assert f"{chosen} <strong>1</strong>" in sums
    assert say(language, "classify.decision.decided") in page
    assert say(language, "classify.summary.changed") in page
    assert say(language, "classify.summary.change", said=sales, now=chosen) in page


def test_answer_heads_the_page_of_a_row(corrected, book):
    """The heading is the corrected function; who, why and what the rules said stand below it."""
    client, language, where = corrected
    page = html.unescape(client.get(f"{where}/rows/1").text)
    heading = page[page.index("<h1") : page.index("</h1>")]
    assert name_of("public_relations", book.pack, language) in heading
    assert say(language, "classify.decision.decided") in heading
    assert name_of("sales", book.pack, language) not in heading
    assert REASON in page
    assert "/knowledge/role.public_relations" in page
    other = html.unescape(client.get(f"{where}/rows/2").text)
    assert name_of("sales", book.pack, language) in other[other.index("<h1") : other.index("</h1>")]


def test_answer_stands_in_every_download(corrected, book):
    """Table, lines and report say the corrected function, and beside it what the rules said."""
    client, language, where = corrected
    text = client.get(f"{where}/csv").content.decode("utf-8-sig")
    head, first, second = list(csv.reader(io.StringIO(text)))
    assert "public_relations" in first
    assert first.index("public_relations") == second.index("sales")
    column = head.index(say(language, "classify.column.said"))
    assert (first[column], second[column]) == ("sales", "sales")
    told = [json.loads(line) for line in client.get(f"{where}/jsonl").text.splitlines()]
    assert [one["answer"]["function"] for one in told] == ["public_relations", "sales"]
    assert [one["function"] for one in told] == ["sales", "sales"]
    report = html.unescape(client.get(f"{where}/html").text)
    assert REASON in report
    assert "<h2>销售代表</h2>" in report
    assert say(language, "classify.summary.changed") in report


def test_answer_heads_the_page_of_one_posting(client, book):
    """A single posting shows what was decided about it, as its heading."""
    client.cookies.set("zhiwen_lang", "en")
    text = f"{DUTIES}（alone）"
    page = html.unescape(send(client, text=text, correct="public_relations", reason=REASON).text)
    heading = page[page.index("<h1") : page.index("</h1>")]
    assert name_of("public_relations", book.pack, "en") in heading
    assert say("en", "classify.decision.decided") in heading
    assert REASON in page
    assert say("en", "classify.said", said="").strip(" .") in page
