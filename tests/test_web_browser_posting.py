"""Postings in a real browser: a pasted one and its verdict, files as a batch and its results."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from browser import LOOKS, PHONE, barriers, download
from playwright.sync_api import Page, expect

TITLE = "内容运营专员"
TEXT = (
    "岗位职责：\n1、负责公众号、小红书的选题策划、内容撰写和排版发布；\n"
    "2、跟踪阅读量、互动率等数据，优化内容质量。\n任职要求：\n文案功底扎实，有两年以上新媒体经验。"
)
VAGUE = "协助文案和活动"
ROWS = 2_000
LOOKED_AT = [pytest.param(size, dark, id=name) for size, dark, name in LOOKS]
WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]


def table(rows: int) -> dict[str, object]:
    """A CSV file of that many postings, as a browser takes it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["职位名称", "职位描述"])
    writer.writerows([f"{TITLE}{n}", f"{TEXT}\n第{n}份"] for n in range(rows))
    return {"name": "watched.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode("utf-8")}


def paste(page: Page, text: str, title: str = "") -> None:
    """Classify a text."""
    page.fill("input[name=title]", title)
    page.fill("textarea[name=text]", text)
    page.get_by_role("button", name="Classify").click()


def upload(page: Page, *files: object) -> None:
    """Send files."""
    page.set_input_files("input[type=file]", list(files))
    page.get_by_role("button", name="Upload", exact=True).click()


@pytest.mark.parametrize(("size", "dark"), LOOKED_AT)
def test_posting_pasted_gets_a_verdict(visit, server, size, dark):
    """The verdict names the function, shows shares, and marks the words that counted."""
    page = visit(server, "/posting", size=size, dark=dark)
    paste(page, TEXT, TITLE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("content operations")
    expect(page.get_by_role("row").filter(has_text="content operations")).to_contain_text("%")
    marked = page.locator(".text mark.own")
    expect(marked.first).to_be_visible()
    words = marked.all_inner_texts()
    assert words
    assert all(word in TITLE + TEXT for word in words)
    expect(page.locator(".text")).to_contain_text("任职要求")


def test_posting_verdict_without_script_is_downloaded(visit, server):
    """A verdict needs no script, and can be taken along as JSON and CSV."""
    page = visit(server, "/posting", script=False, size=PHONE)
    paste(page, TEXT, TITLE)
    told = json.loads(download(page, "button[value=json]"))
    assert told["function"] == "content_operations"
    rows = list(csv.reader(io.StringIO(download(page, "button[value=csv]").decode("utf-8-sig"))))
    assert TITLE in rows[1]


@pytest.mark.parametrize("script", WAYS)
def test_posting_between_functions_is_decided_by_the_person(visit, server, script):
    """Where the words do not decide, the person does, and the page says whose decision it was."""
    page = visit(server, "/posting", script=script)
    paste(page, VAGUE)
    options = page.locator(".asking button")
    label = options.last.inner_text().partition(":")[0]
    options.last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        f"{label} your decision", ignore_case=True
    )
    assert "decided" in json.loads(download(page, "button[value=json]"))


def test_posting_words_stay_words(visit, server):
    """Markup in a posting is shown, and does nothing."""
    page = visit(server, "/posting")
    markup = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    paste(page, f"{markup}\n{TEXT}", markup)
    expect(page.locator(".text")).to_contain_text(markup)
    expect(page.locator("main img, main script")).to_have_count(0)


def test_posting_batch_tells_how_far_it_is(visit, server):
    """A table is worked through while one watches; then its results can be downloaded."""
    page = visit(server, "/posting", size=PHONE)
    upload(page, table(ROWS))
    page.wait_for_url("**/posting/jobs/*")
    page.evaluate("window.stayed = true")
    expect(page.locator("#job progress")).to_be_visible()
    expect(page.locator("#job")).to_contain_text(f"of {ROWS}")
    expect(page.locator("#job")).to_contain_text(f"Done: {ROWS} postings", timeout=60_000)
    assert page.evaluate("window.stayed")
    text = download(page, "text=Download CSV").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == ROWS
    assert rows[7]["职位名称"] == f"{TITLE}7"
    assert all("content_operations" in row.values() for row in rows)
    assert zipfile.is_zipfile(io.BytesIO(download(page, "text=Download XLSX")))
    page.goto("/posting")
    job = page.get_by_role("listitem").filter(has_text="watched.csv").first
    expect(job).to_contain_text(str(ROWS))
    job.get_by_role("link").click()
    page.get_by_role("button", name="Delete this batch").click()
    page.wait_for_url("**/posting")
    expect(page.get_by_text("watched.csv")).to_have_count(0)


def test_posting_batch_without_script_is_done_too(visit, server):
    """Without a script the page reloads itself until the batch is done."""
    page = visit(server, "/posting", script=False)
    upload(page, table(300))
    expect(page.locator("#job")).to_contain_text("Done: 300 postings", timeout=60_000)
    rows = download(page, "text=Download JSONL").decode().splitlines()
    assert len(rows) == 300
    page.get_by_role("button", name="Delete this batch").click()
    page.wait_for_url("**/posting")


def test_posting_file_is_dropped(visit, server):
    """A file dropped onto the form is the one that is sent; a single text gets its verdict."""
    page = visit(server, "/posting")
    dropped = page.evaluate_handle(
        """text => { const data = new DataTransfer();
            data.items.add(new File([text], "job.txt", { type: "text/plain" })); return data; }""",
        f"{TITLE}\n{TEXT}",
    )
    form = page.locator("form", has=page.locator("input[type=file]"))
    form.dispatch_event("drop", {"dataTransfer": dropped})
    form.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("content operations")


@pytest.mark.parametrize("script", WAYS)
def test_posting_of_no_use_is_explained(visit, server, script):
    """A file that cannot be read is refused with a reason, beside the form to try again."""
    page = visit(server, "/posting", script=script, expected=(422,))
    upload(page, {"name": "job.docx", "mimeType": "text/plain", "buffer": b"\x00\x01 no document"})
    expect(page.locator(".notice[role=alert]")).not_to_be_empty()
    expect(page.locator("input[type=file]")).to_be_visible()


MIXED = "内容运营,开发新客户；电话邀约；完成销售指标；跟进签约和回款"
SMALL = "\n".join([
    "职位名称,职位描述",
    "销售代表,开发新客户；电话邀约；完成销售指标；跟进签约和回款；维护客户关系",
    MIXED,
    "行政,协助文案和活动", f"{TITLE},负责小红书内容的选题策划、撰写和排版，跟踪互动率",
])  # fmt: skip


def finished(page: Page, mark: str) -> None:
    """Upload a table and wait until it is worked through; *mark* makes its postings new ones."""
    page.goto("/posting")
    text = "\n".join(f"{line} {mark}" if n else line for n, line in enumerate(SMALL.split("\n")))
    upload(page, {"name": "five.csv", "mimeType": "text/csv", "buffer": text.encode()})
    expect(page.locator("table.rows")).to_be_visible(timeout=60_000)


def titles(page: Page) -> list[str]:
    """The first column of the table."""
    return page.locator("table.rows tbody th").all_inner_texts()


@pytest.mark.parametrize("script", WAYS)
@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param((1280, 800), id="desk")]
)
def test_posting_rows_are_corrected_one_after_the_other(visit, server, script, size):
    """From the table to the next row in four steps: filter, open, choose, keep."""
    page = visit(server, "/posting", script=script, size=size)
    finished(page, f"{script} {size[0]}")
    assert len(titles(page)) == 4
    page.get_by_role("link", name="Needs a look").click()
    expect(page.locator(".kinds [aria-current]")).to_contain_text("Needs a look")
    waiting = page.locator("table.rows tbody tr").count()
    assert 0 < waiting < 4
    page.locator("table.rows tbody th a").first.click()
    expect(page.locator(".text mark").first).to_be_visible()
    page.locator("select[name=correct]").select_option("event_operations")
    page.locator("input[name=reason]").fill("the duties say so")
    page.get_by_role("button", name="Keep and go on").click()
    page.wait_for_url("**show=look*")
    if waiting > 1:
        expect(page.get_by_role("button", name="Keep and go on")).to_be_visible()
        page.locator(".ways a").first.click()
    page.locator(".kinds").get_by_role("link", name="All").click()
    corrected = page.locator("table.rows tr.corrected")
    expect(corrected).to_have_count(1)
    expect(corrected).to_contain_text("the duties say so")
    rows = list(
        csv.DictReader(io.StringIO(download(page, "text=Download CSV").decode("utf-8-sig")))
    )
    assert sum("the duties say so" in row["Reason of the decision"] for row in rows) == 1
    assert any("the duties say so" in line for line in
               download(page, "text=Download JSONL").decode().splitlines())  # fmt: skip
    page.locator("table.rows tr.corrected th a").click()
    page.locator("summary", has_text="Not right? Say").click()
    page.get_by_role("button", name="Take the decision back").click()
    expect(page.locator(".notice")).to_have_count(0)
    if script:
        assert barriers(page) == []


@pytest.mark.parametrize("script", WAYS)
def test_posting_rows_are_corrected_many_at_once(visit, server, script):
    """Tick, choose, press: every ticked row is decided, and in every download."""
    page = visit(server, "/posting", script=script)
    finished(page, f"many {script}")
    boxes = page.locator("table.rows input[name=pick]:enabled")
    for n in (0, 1):
        boxes.nth(n).check()
    group = page.get_by_role("group", name="Correct the ticked rows")
    group.get_by_label("Function").select_option("brand")
    group.get_by_label("Why").fill("all of them")
    group.get_by_role("button").click()
    expect(page.locator("table.rows tr.corrected")).to_have_count(2)
    text = download(page, "text=Download CSV").decode("utf-8-sig")
    assert text.count("all of them") == 2


@pytest.mark.parametrize("width", [320, 400])
def test_posting_rows_fit_a_phone(visit, server, width):
    """Title, function, certainty and flags of every row are read without scrolling sideways."""
    page = visit(server, "/posting", size=(width, 800))
    finished(page, f"fits {width}")
    row = page.locator("table.rows tbody tr").first
    for cell in ("th a", ".said", ".tag"):
        box = row.locator(cell).first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.scroll'))")
    expect(page.locator("thead").get_by_role("link", name="Posting")).to_be_visible()


def test_posting_batch_is_printed_without_controls(visit, server):
    """On paper the table and the summary stand, and nothing to press; a row has its title."""
    page = visit(server, "/posting")
    finished(page, "printed")
    page.emulate_media(media="print")
    shown = page.locator("main :is(button, input, select, summary, nav):visible")
    expect(shown).to_have_count(0)
    expect(page.locator("table.rows .said").first).to_be_visible()
    expect(page.locator("table.bars")).to_be_visible()
    page.emulate_media(media="screen")
    page.locator("table.rows tbody th a").first.click()
    page.emulate_media(media="print")
    expect(page.get_by_text("销售代表", exact=False).first).to_be_visible()
    expect(page.locator("main :is(button, input, select, summary, nav):visible")).to_have_count(0)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("script", WAYS)
def test_posting_rows_are_sorted_and_sought(visit, server, script):
    """A press on a head sorts, another turns it round; words of a title find rows."""
    page = visit(server, "/posting", script=script)
    finished(page, "once")
    page.locator("thead").get_by_role("link", name="Posting").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    once = titles(page)
    page.locator("thead").get_by_role("link", name="Posting").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    assert sorted(titles(page)) == sorted(once)
    assert titles(page)[0] == once[-1]
    page.get_by_label("Title contains").fill("内容运营专员")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Could not be read").click()


def test_posting_batch_is_shared_with_those_who_may(visit, password_server):
    """Before, nobody else finds it; then everyone who may classify, and nobody else."""
    page = visit.signed_in(password_server, "sharing-ann", "hr")
    finished(page, "once")
    where = page.url.partition("#")[0].partition("?")[0].removeprefix(password_server.url)
    other = visit.signed_in(password_server, "sharing-bob", "hr", expected=(404,))
    assert other.goto(where).status == 404
    page.get_by_role("button", name="Let colleagues").click()
    assert other.goto(where).status == 200
    expect(other.locator("table.rows")).to_be_visible()
    expect(other.get_by_role("button", name="Delete this batch")).to_have_count(0)
    guest = visit.signed_in(password_server, "sharing-cid", "staff", expected=(403,))
    assert guest.goto(where).status == 403


def test_posting_verdict_is_printed_on_one_page(visit, server):
    """On paper the verdict with its evidence takes one page, without a button."""
    page = visit(server, "/posting")
    paste(page, TEXT, TITLE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("content operations")
    page.emulate_media(media="print")
    expect(page.locator("main button:visible")).to_have_count(0)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("script", WAYS)
def test_posting_verdict_keeps_its_text_in_another_language(visit, server, script):
    """A change of the language tells the same verdict in it."""
    page = visit(server, "/posting", script=script)
    paste(page, TEXT, TITLE)
    page.click(".languages summary")
    page.click(".languages [hreflang=zh]")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator(".text")).to_contain_text("任职要求")
