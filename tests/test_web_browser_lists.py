"""Checklists of one's own in a real browser: few steps, nothing lost, nothing doubled, one page."""

from __future__ import annotations

import io
import re

import pytest
from browser import DESKTOP, LOOKS, PHONE, Steps, ask, barriers, resize, too_small, too_wide
from playwright.sync_api import Page, expect
from pypdf import PdfReader

WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
LIST = "1. Book the room (owner: Ann, T-3d)\n2. Print the flyers\n3. Call the press\n"


def run_of(page: Page, text: str = LIST, title: str = "Fair") -> str:
    """A run of a list that was pasted; its path."""
    page.goto("/checklists/lint")
    page.fill("textarea[name=text]", text)
    page.fill("input[name=title]", title)
    page.get_by_role("button", name="Save and start").click()
    page.locator("main form button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.evaluate("location.pathname")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", WAYS)
def test_lists_own_one_is_pasted_and_begun(visit, server, size, script):
    """From the list of checklists: open, paste, save, start; four steps."""
    page = visit(server, "/checklists", size=size, script=script)
    steps = Steps(page)
    steps.press(page.get_by_role("link", name="Write a list of your own"))
    steps.fill(page.locator("textarea[name=text]"), LIST)
    steps.press(page.get_by_role("button", name="Save and start"))
    steps.press(page.get_by_role("button", name="Start this checklist"))
    expect(page.locator("li.item")).to_have_count(3)
    expect(page.locator("li.item").first).to_contain_text("Ann")
    assert steps.count == 4


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", WAYS)
def test_lists_dialog_takes_name_date_and_owners(visit, server, size, script):
    """One page asks for all three; three steps without what may be left out."""
    page = visit(server, "/checklists/start?checklist=checklist.campaign", size=size, script=script)
    steps = Steps(page)
    steps.fill(page.get_by_label("Name of this run"), "Double eleven")
    steps.fill(page.get_by_label("Date T"), "2030-06-18")
    page.locator("input[name=holder]").first.fill("Chen")
    steps.press(page.get_by_role("button", name="Start this checklist"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Double eleven")
    expect(page.locator("li.item", has_text="(Chen)").first).to_be_visible()
    assert steps.count == 3


def test_lists_lint_stands_beside_what_is_typed(visit, server):
    """While one types, the findings and what was read appear; the text is not touched."""
    page = visit(server, "/checklists/lint")
    page.locator("textarea[name=text]").press_sequentially("- [ ] Book it asap", delay=5)
    expect(page.locator("#beside .findings li").first).to_contain_text("Line 1")
    expect(page.locator("#beside")).to_contain_text("How it was read")
    expect(page.locator("textarea[name=text]")).to_have_value("- [ ] Book it asap")


@pytest.mark.parametrize("script", WAYS)
def test_lists_shipped_one_is_copied_and_changed(visit, server, script):
    """The copy is text to change; what is saved stands among one's own."""
    page = visit(server, "/checklists/copy?checklist=checklist.campaign", script=script)
    box = page.locator("textarea[name=text]")
    text = box.input_value()
    assert text.count("- [ ]") > 10
    box.fill(text.replace("- [ ] ", "- [ ] Really ", 1))
    page.fill("input[name=title]", f"Ours {script}")
    page.get_by_role("button", name="Save as a template").click()
    expect(page.get_by_role("status")).to_have_text(f"Saved: Ours {script}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("\n".join(f"- [ ] step {i}" for i in range(2_000)), "too long", id="2000"),
        pytest.param("", "No item was found", id="nothing"),
    ],
)
def test_lists_that_are_none_are_told_and_kept_in_the_form(visit, server, text, told):
    """A clear sentence, and what was typed is still there."""
    page = visit(server, "/checklists/lint", expected=(422,), script=False)
    page.fill("textarea[name=text]", text)
    page.get_by_role("button", name="Save as a template").click()
    expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value(text)


def test_lists_empty_file_is_told(visit, server):
    """A file with nothing in it is no list."""
    page = visit(server, "/checklists/lint", expected=(422,))
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": b""}
    page.set_input_files("input[type=file]", files=[file])
    page.get_by_role("button", name="Save as a template").click()
    expect(page.get_by_role("alert").filter(has_text="No item was found")).to_be_visible()


def test_lists_two_tabs_and_double_presses_lose_and_double_nothing(visit, server):
    """A second press begins no second run; who saves over another is told, the text stays."""
    page = visit(server, "/checklists/lint", expected=(409,))
    page.fill("textarea[name=text]", LIST)
    page.fill("input[name=title]", "Doubled")
    page.get_by_role("button", name="Save as a template").dblclick()
    expect(page.get_by_text("Doubled", exact=True)).to_have_count(1)
    link = page.locator("div", has_text="Doubled").get_by_role("link", name="Change").last
    address = link.get_attribute("href")
    page.goto(address)
    other = visit(server, address)
    other.fill("textarea[name=text]", "- [ ] theirs\n")
    other.get_by_role("button", name="Save as a template").click()
    page.fill("textarea[name=text]", "- [ ] mine\n")
    page.get_by_role("button", name="Save as a template").click()
    expect(page.get_by_role("alert").filter(has_text="has just changed")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("- [ ] mine\n")


@pytest.mark.parametrize("script", WAYS)
def test_lists_run_is_narrowed_commented_and_made_longer(visit, server, script):
    """Late and mine; a comment and a file on an item; one more item; all shown at once."""
    page = visit(server, script=script, size=PHONE)
    path = run_of(page, title=f"Narrow {script}")
    page.get_by_text("Owners and date").click()
    page.locator("form[action$=assign] input[name=anchor]").fill("2020-06-18")
    page.locator("form[action$=assign] button").click()
    page.goto(f"{path}?show=late")
    expect(page.locator("li.item:visible")).to_have_count(1)
    item = page.locator("li.item").first
    item.locator("summary").click()
    item.get_by_label("Comment").fill("the plan")
    item.get_by_label("Link to a file").fill("https://example.org/plan.pdf")
    item.get_by_role("button", name="Add a comment or link").click()
    expect(page.get_by_role("link", name="the plan").first).to_be_visible()
    page.goto(path)
    page.get_by_text("Add an item").click()
    page.get_by_label("What is to be done").fill("Sweep the floor")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("li.item")).to_have_count(4)
    page.locator("li.item").nth(3).locator("button.tick").click()
    expect(page.locator("li.item").nth(3)).to_have_class(re.compile("done"))


def test_lists_item_of_somebody_else_appears(visit, server):
    """What one adds, the other sees without reloading, and can tick."""
    ann = visit(server)
    path = run_of(ann, title="Together")
    ben = visit(server, path)
    ben.clock.install()
    ben.goto(path)
    ann.get_by_text("Add an item").click()
    ann.get_by_label("What is to be done").fill("Sweep the floor")
    ann.get_by_role("button", name="Add", exact=True).click()
    ben.clock.fast_forward(5_000)
    expect(ben.locator("li.item")).to_have_count(4)
    ben.locator("li.item").nth(3).locator("button.tick").click()
    expect(ben.locator("li.item").nth(3)).to_have_class(re.compile("done"))


@pytest.mark.parametrize("script", WAYS)
def test_lists_run_is_cancelled_and_put_away(visit, server, script):
    """Cancelled with a reason, archived, found among the archived, and brought back."""
    page = visit(server, script=script)
    path = run_of(page, title=f"Wrong {script}")
    page.get_by_text("Rename, repeat, cancel").click()
    page.get_by_label("Why it is cancelled").fill("the wrong one")
    page.get_by_role("button", name="Cancel this run").click()
    expect(page.locator("#head")).to_contain_text("Cancelled by")
    page.get_by_role("button", name="Archive").click()
    page.goto("/checklists")
    expect(page.get_by_role("link", name=f"Wrong {script}", exact=True)).to_have_count(0)
    page.goto("/checklists?show=archived")
    expect(page.get_by_role("link", name=f"Wrong {script}", exact=True)).to_be_visible()
    page.goto(path)
    page.get_by_role("button", name="Restore from the archive").click()
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator("button.tick").first).to_be_visible()


def test_lists_twenty_items_are_printed_on_one_page(visit, server):
    """Boxes, dates and owners; no buttons and no menus."""
    page = visit(server)
    text = "".join(
        f"- [ ] Step number {i} of the plan (T-{i}d, owner: Ann)\n  - done when: it is signed\n"
        for i in range(20)
    )
    run_of(page, text, "Printed")
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert len(pages) == 1
    assert "Step number 19" in pages[0].extract_text()
    assert "Export" not in pages[0].extract_text()


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_lists_pages_are_for_everyone(visit, server, language):
    """Nothing that axe finds, nothing too small for a finger, nothing that scrolls sideways."""
    page = visit(server, "/checklists", language=language, reduced_motion="reduce")
    paths = [run_of(page, title="Seen")] if language == "en" else []
    for path in [
        "/checklists",
        "/checklists/lint",
        "/checklists/start?checklist=checklist.campaign",
        "/checklists/copy?checklist=checklist.campaign",
        *paths,
    ]:
        page.goto(path)
        for size, dark, _ in LOOKS:
            resize(page, size, dark)
            assert barriers(page) == []
            assert too_wide(page) == []
        assert too_small(page) == []


@pytest.mark.parametrize("script", WAYS)
def test_lists_own_ones_and_runs_are_a_press_away_in_the_chat(visit, server, script):
    """What the chat names is a link: a list of one's own to its start, a run to its items."""
    page = visit(server, script=script, size=PHONE)
    run_of(page, title=f"Chatted {script}")
    for command, path in (
        ("/runs", "**/checklists/*"), ("/lists Chatted", "**/checklists/start?checklist=own.*"),
    ):  # fmt: skip
        page.goto("/")
        ask(page, command)
        page.locator("#log .theirs").last.get_by_role("link", name=f"Chatted {script}").click()
        page.wait_for_url(path)


@pytest.mark.parametrize("script", WAYS)
def test_lists_comment_is_deleted_by_its_writer(visit, server, script):
    """One press below it, and it is gone."""
    page = visit(server, script=script, size=PHONE)
    run_of(page, title=f"Said {script}")
    item = page.locator("li.item").first
    item.locator("summary").click()
    item.get_by_label("Comment").fill("a slip")
    item.get_by_role("button", name="Add a comment or link").click()
    expect(item.get_by_role("status")).to_have_text("Added.")
    assert barriers(page) == [] if script else True
    item.get_by_role("button", name="Delete the comment “a slip”").click()
    expect(page.get_by_text("a slip")).to_have_count(0)


def test_lists_source_of_an_answer_leads_to_what_was_told(visit, server):
    """The section of the entry from which the answer was taken is where the page opens."""
    page = visit(server)
    ask(page, "What are the metrics of content operations?")
    told = page.locator("#log .theirs li").first.inner_text()
    page.locator("#log .theirs .source a").last.click()
    expect(page.locator("h2:target")).to_be_in_viewport()
    assert told.partition(":")[0] in page.locator("h2:target ~ *").first.inner_text()
