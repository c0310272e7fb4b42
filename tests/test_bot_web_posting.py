"""The posting page: a text or a file of one posting gets its verdict at once, and is not kept."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from posting_pages import OPEN, SECRET, WRITER, alert, send, table, upload
from test_bot_postings_readers import PAGE, PROTECTED, WORD, locked_pdf, pdf, zipped

from bot.postings.output import name_of
from bot.texts import say
from bot.web.verdicts import MAX_CHARS
from knowledge.engine.model import LANGUAGES
from rules.postings import detect
from rules.postings.classify import classify
from rules.postings.model import Decision

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def client(server):
    """A browser at a server where nobody signs in."""
    with server.client() as browser:
        yield browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_posting_pasted_gets_its_verdict(client, book, language):
    """Function, decision, shares as bars, words, oddities, codes: in the reader's language."""
    client.cookies.set("zhiwen_lang", language)
    answer = send(client, text=WRITER)
    verdict = classify(detect.read(WRITER, book.pack), book.pack)
    assert answer.status_code == 200
    page = html.unescape(answer.text)
    assert name_of(verdict.function, book.pack, language) in page
    assert say(language, f"classify.decision.{verdict.decision}") in page
    assert page.count('<rect class="fill"') == len(verdict.shares)
    assert '<mark class="own"' in page
    for key in ("classify.oddities", "classify.level", "classify.codes", "web.posting.why_not"):
        assert say(language, key) in page
    assert verdict.stamp.input in page


def test_posting_title_of_its_own_field_is_taken(client):
    """A title that is filled in goes before a first line that looks like one."""
    page = send(client, text="负责公众号选题、撰写和编辑推送", title="店铺运营").text
    assert "<strong>" in page
    assert '<input type="hidden" name="title" value="店铺运营">' in page


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("p.txt", WRITER.encode(), id="text"),
        pytest.param("p.txt", WRITER.encode("gb18030"), id="gb18030"),
        pytest.param("p.pdf", PAGE, id="pdf"),
        pytest.param("p.docx", WORD, id="docx"),
        pytest.param("p.jsonl", json.dumps({"description": WRITER}).encode(), id="jsonl"),
    ],
)
def test_posting_file_of_one_gets_its_verdict(server, client, name, raw):
    """At once, and nothing of the file stays on the disk."""
    answer = upload(client, (name, raw))
    assert answer.status_code == 200
    assert 'id="again"' in answer.text
    assert not list(server.batches.folder.glob("upload-*"))


BAD = [
    pytest.param("p.txt", b"", "classify.file.empty", id="empty"),
    pytest.param("p.txt", b"\x00\x01\x02" * 500, "classify.file.binary", id="binary"),
    pytest.param("p.zip", zipped({"a.txt": b"x"}), "classify.file.archive", id="archive"),
    pytest.param("p.docx", PROTECTED, "classify.file.password", id="protected"),
    pytest.param("p.pdf", locked_pdf("user", "owner"), "classify.file.password", id="locked"),
    pytest.param("p.pdf", pdf(""), "classify.file.no_text", id="scan"),
    pytest.param("p.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "classify.file.old_office", id="old"),
    pytest.param("p.xlsx", zipped({"xl/a": b"0" * 20_000_000}), "classify.file.bomb", id="bomb"),
    pytest.param("p.txt", b"x" * 25_000_001, "classify.file.large", id="large"),
    pytest.param("p.pdf", PAGE[:60], "classify.file.damaged", id="cut"),
    pytest.param("p.jsonl", b'{"pay": "x"}\n', "classify.row.shape", id="no-description"),
    pytest.param("p.txt", b" \n \n", "web.posting.nothing", id="blank"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "raw", "key"), BAD)
def test_posting_bad_file_is_refused_in_words(server, client, name, raw, key, language):
    """The page says what is wrong and what to do, and keeps nothing."""
    client.cookies.set("zhiwen_lang", language)
    answer = upload(client, (name, raw))
    assert answer.status_code == 422
    pattern = re.escape(say(language, key, **dict.fromkeys(("reason", "limit", "size"), "@")))
    assert re.fullmatch(pattern.replace("@", ".*"), html.unescape(alert(answer.text)))
    assert not list(server.batches.folder.glob("upload-*"))


def test_posting_too_large_a_request_is_refused(client):
    """Beyond what any upload may be, nothing is read at all."""
    answer = upload(client, ("p.txt", b"x" * 31_000_000))
    assert answer.status_code == 413
    assert say("en", "web.error.too_large") in answer.text


@pytest.mark.parametrize("fields", [{}, {"text": " \n"}, {"text": "", "title": "Editor"}])
def test_posting_without_a_text_is_refused(client, fields):
    """There has to be something to classify."""
    answer = send(client, **fields)
    assert answer.status_code == 422
    assert alert(answer.text) == say("en", "web.posting.nothing")


def test_posting_of_a_title_alone_can_be_decided(client):
    """A row of a table may have no text: the question about it is answered on its page."""
    answer = client.post("/posting", data={"text": "", "title": "活动策划", "decided": "brand"})
    assert answer.status_code == 200 and "活动策划" in answer.text


def test_posting_question_is_decided_by_a_button(client, book):
    """Each function in question is a button; pressing one decides, without a script."""
    page = send(client, text=OPEN).text
    options = re.findall(r'name="decided" value="(\w+)"', page)
    verdict = classify(detect.read(OPEN, book.pack), book.pack)
    assert verdict.decision is Decision.ASK
    assert tuple(options) == verdict.question
    kept = html.unescape(re.search(r'name="text" value="(.*?)">', page, re.DOTALL).group(1))
    chosen = options[-1]
    page = send(client, text=kept, decided=chosen).text
    name = name_of(chosen, book.pack, "en")
    assert html.escape(say("en", "classify.picked", function=name)) in page
    assert say("en", "classify.question") not in page


def test_posting_decides_for_no_other_function(client):
    """A function that was not in question cannot be decided for."""
    assert "classify.picked" not in (page := send(client, text=OPEN, decided="brand").text)
    assert say("en", "classify.question") in page


def test_posting_verdict_downloads_as_json(client, book):
    """The fixed object of the verdict, and what the person decided."""
    answer = send(client, text=WRITER, download="json")
    assert answer.headers["content-disposition"] == 'attachment; filename="verdict.json"'
    told = answer.json()
    verdict = classify(detect.read(WRITER, book.pack), book.pack)
    assert (told["function"], told["shares"]) == (verdict.function, verdict.shares)
    assert told["stamp"]["input"] == verdict.stamp.input
    assert "decided" not in told
    picked = classify(detect.read(OPEN, book.pack), book.pack).question[0]
    assert send(client, text=OPEN, decided=picked, download="json").json()["decided"] == picked


def test_posting_verdict_downloads_as_csv(client):
    """With the posting's own words, and no cell a spreadsheet would run."""
    answer = send(client, text="负责店铺运营、商品上架", title="=1+1", download="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["title"] == "'=1+1"
    assert rows[0]["description"] == "负责店铺运营、商品上架"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"text": f"{HOSTILE}\n负责公众号选题"}, id="text"),
        pytest.param({"text": "负责公众号选题", "title": HOSTILE}, id="title"),
        pytest.param({"text": OPEN, "decided": HOSTILE}, id="decided"),
    ],
)
def test_posting_hostile_text_is_shown_as_text(client, fields):
    """What a posting says is never taken for a page."""
    answer = send(client, **fields)
    assert answer.status_code in (200, 422)
    assert "<img" not in answer.text
    assert "<script>" not in answer.text


def test_posting_page_needs_no_script_and_no_inline_style(client):
    """The policy of the server allows neither, so the page has neither."""
    page = send(client, text=WRITER).text
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", page)


def test_posting_too_long_is_cut_and_says_so(client):
    """As much as the page takes is answered, and what was left out is told."""
    answer = send(client, text="负责公众号选题。" * (MAX_CHARS // 8))
    assert answer.status_code == 200
    assert say("en", "classify.odd.cut", names=50000) in html.unescape(answer.text)


def test_posting_beyond_what_the_page_takes_is_refused_in_words(client):
    """A text that no page of ours would send is too large, not a fault."""
    answer = send(client, text="负责公众号选题。" * MAX_CHARS)
    assert answer.status_code == 413
    assert say("en", "web.error.too_large") in answer.text


def test_posting_text_is_kept_nowhere(server, client, caplog):
    """Not in the database, not in a file, not in a log."""
    caplog.set_level(0)
    results = set(server.batches.folder.rglob("*"))  # batches of other tests hold theirs
    assert SECRET in send(client, text=WRITER).text
    assert SECRET in upload(client, ("p.txt", WRITER.encode())).text
    server.app.counts.flush()
    data = server.batches.folder.parent
    for path in (path for path in data.rglob("*") if path.is_file() and path not in results):
        assert SECRET.encode() not in path.read_bytes(), path
    assert SECRET not in caplog.text


def test_posting_form_of_another_page_is_refused(client):
    """Neither a text nor a file is taken from a page of another site."""
    elsewhere = {"sec-fetch-site": "cross-site"}
    for sent in ({"data": {"text": WRITER}}, {"files": {"files": ("a.csv", table())}}):
        answer = client.post("/posting", **sent, headers=elsewhere)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("hr", 200), ("admin", 200), ("staff", 403), ("manager", 403)]
)
def test_posting_is_for_those_who_may_classify(password_server, role, status):
    """HR and admins; nobody else even sees the page."""
    with password_server.signed_in(f"posting-{role}", role) as client:
        assert client.get("/posting").status_code == status
        assert client.post("/posting", data={"text": "x"}).status_code == status


def test_posting_asks_strangers_to_sign_in(password_server):
    """Whoever is nobody is sent to the form."""
    with password_server.client() as client:
        assert client.get("/posting").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", LANGUAGES)
def test_posting_verdict_can_be_corrected_and_that_taken_back(server, client, language):
    """Who decided, when and why stands on the page and in what is downloaded of it."""
    client.cookies.set("zhiwen_lang", language)
    text = f"{WRITER}\n{language}"
    page = html.unescape(send(client, text=text, correct="brand", reason="定位为主").text)
    assert "定位为主" in page
    told = json.loads(send(client, text=text, download="json").text)
    assert told["function"] == "content_operations"
    assert (told["correction"]["function"], told["correction"]["reason"]) == ("brand", "定位为主")
    page = send(client, text=text, undo=str(told["correction"]["id"])).text
    assert "定位为主" not in html.unescape(page)
    assert json.loads(send(client, text=text, download="json").text)["correction"] is None
    again = send(client, text=text, undo=str(told["correction"]["id"]))
    assert alert(again.text) == say(language, "web.posting.gone")


def test_posting_page_tells_duties_by_function(client, book):
    """What HR shows to others: each function's duties with their words, and what is missing."""
    client.cookies.set("zhiwen_lang", "zh")
    page = html.unescape(send(client, text=WRITER).text)
    assert say("zh", "web.posting.functions") in page
    assert name_of("content_operations", book.pack, "zh") in page
