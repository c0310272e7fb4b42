"""Postings in a real browser: a pasted one and its verdict, files as a batch and its results."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from browser import LOOKS, PHONE, download
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
