"""The knowledge in a real browser: browsing, searching, comparing, and the wheel."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest
from browser import DESKTOP, LOCALES, PHONE, ask, barriers, download
from playwright.sync_api import Page, expect

WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
LEAST_TEXT = 9
"""Pixels below which nobody reads a label."""


def heading(page: Page):
    """What the page is about."""
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize("script", WAYS)
def test_knowledge_leads_from_kind_to_entry_to_related(visit, server, script):
    """One browses by kind, opens an entry with its sources, and goes on to a related one."""
    page = visit(server, "/knowledge", script=script, size=PHONE)
    page.get_by_role("link", name="Metrics").click()
    first = page.locator(".entry h3 a").first
    title = first.inner_text()
    first.click()
    expect(heading(page)).to_have_text(title)
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    related = page.locator(".links a").first
    title = related.inner_text()
    related.click()
    expect(heading(page)).to_have_text(title)


@pytest.mark.parametrize("script", WAYS)
def test_knowledge_is_searched(visit, server, script):
    """A search finds the entry first that bears the name, whatever the language."""
    page = visit(server, "/knowledge", script=script, language="zh")
    page.fill("#q", "品牌经理")
    page.press("#q", "Enter")
    expect(page.locator(".entry").first).to_contain_text("品牌")
    page.fill("#q", "zzzxqj")
    page.press("#q", "Enter")
    expect(page.locator(".entry")).to_have_count(0)
    expect(page.locator("#q")).to_have_value("zzzxqj")


@pytest.mark.parametrize("script", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_knowledge_is_compared_side_by_side(visit, server, size, script):
    """Two ticked entries stand in two columns beside each other, on a phone too."""
    page = visit(server, "/knowledge?kind=role", size=size, script=script)
    boxes = page.get_by_role("checkbox")
    chosen = [page.locator(".entry").nth(n).locator("h3").inner_text() for n in (1, 4)]
    boxes.nth(1).check()
    boxes.nth(4).check()
    page.get_by_role("button", name="Compare side by side").click()
    heads = page.get_by_role("columnheader")
    expect(heads).to_have_text(chosen)
    left, right = (head.bounding_box() for head in heads.all())
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"] + 1
    assert right["x"] + right["width"] <= size[0]
    assert page.locator("tbody tr").count() >= 3


def test_knowledge_compares_from_an_entry(visit, server):
    """An entry's page sets it beside another of its kind."""
    page = visit(server, "/knowledge/role.brand")
    title = heading(page).inner_text()
    page.get_by_label("Compare with").select_option("role.content_operations")
    page.get_by_role("button", name="Compare side by side").click()
    expect(page.get_by_role("columnheader")).to_have_text([title, "Content operations"])


def test_knowledge_comparison_of_one_says_what_to_do(visit, server):
    """With one entry there is nothing to compare; the page says how many it takes."""
    page = visit(server, "/knowledge?kind=role", expected=(422,))
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Compare side by side").click()
    expect(page.get_by_role("alert").filter(has_text="two to four")).to_be_visible()


@pytest.mark.parametrize("script", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_knowledge_wheel_leads_to_the_steps(visit, server, size, script):
    """Each of the nine segments, and the hub, leads to its entry; by keyboard too."""
    page = visit(server, "/knowledge/cycle", size=size, script=script)
    links = page.locator(".wheel a")
    expect(links).to_have_count(10)
    segment = page.get_by_role("link", name="Step 3: ")
    name = segment.get_attribute("aria-label").partition(": ")[2]
    segment.locator("text").first.click()
    expect(heading(page)).to_have_text(name)
    page.go_back()
    links.last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/knowledge/stage.*")
    expect(heading(page)).to_contain_text("+1")


@pytest.mark.parametrize("language", LOCALES)
def test_knowledge_wheel_can_be_read_on_a_phone(visit, server, language):
    """On a phone every label is large enough, inside the wheel, and clear of its neighbours."""
    page = visit(server, "/knowledge/cycle", size=PHONE, language=language)
    wheel = page.locator(".wheel").bounding_box()
    assert wheel["x"] >= 0
    assert wheel["x"] + wheel["width"] <= PHONE[0]
    groups = [
        [text.bounding_box() for text in link.locator("text").all()]
        for link in page.locator(".wheel a").all()
    ]
    for box in itertools.chain(*groups):
        assert box["height"] >= LEAST_TEXT
        assert wheel["x"] <= box["x"]
        assert box["x"] + box["width"] <= wheel["x"] + wheel["width"]
    for one, other in itertools.combinations(groups, 2):
        assert not any(overlap(a, b) for a in one for b in other)


@pytest.mark.parametrize("size", SIZES)
def test_knowledge_is_found_while_one_types(visit, server, size):
    """Suggestions come below the field, with what was typed marked; two keys open one."""
    page = visit(server, "/knowledge", size=size)
    page.locator("#q").press_sequentially("brand")
    first = page.locator(".suggestions a").first
    expect(first.locator("mark")).to_have_text("Brand", ignore_case=True)
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    title = first.inner_text()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(title)


@pytest.mark.parametrize("script", WAYS)
def test_knowledge_hits_are_marked_and_nothing_found_says_what_to_do(visit, server, script):
    """What was sought is marked in titles and summaries; an empty result leads on."""
    page = visit(server, "/knowledge?q=brand", script=script)
    expect(page.locator(".entry mark").first).to_have_text("Brand", ignore_case=True)
    page.fill("#q", "zzzxqj")
    page.press("#q", "Enter")
    page.locator(".empty").get_by_role("link", name="Ask").click()
    expect(page.locator("#text")).to_be_visible()


def test_knowledge_shows_what_one_asked_about(visit, server):
    """The entries of one's own last answers stand on the first page of the knowledge."""
    page = visit(server)
    ask(page, "What does content operations do?")
    page.goto("/knowledge")
    expect(page.get_by_role("heading", name="You asked about")).to_be_visible()
    expect(page.locator(".links").first).to_contain_text("Content operations")


@pytest.mark.parametrize("dark", [False, True])
def test_knowledge_wheel_is_a_picture_with_the_current_step(visit, server, dark):
    """The step one is at is marked; SVG and PNG of it can be taken along."""
    page = visit(server, "/knowledge/cycle", dark=dark)
    page.get_by_label("The current step").select_option("3")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".wheel .current")).to_have_attribute("aria-current", "step")
    expect(page.locator(".wheel .way")).to_have_count(9)
    picture = download(page, "text=Download as SVG").decode()
    root = ElementTree.fromstring(picture)
    assert root.tag.endswith("svg")
    assert picture.count("<text") > 18
    assert download(page, "text=Download as PNG").startswith(b"\x89PNG")
    assert barriers(page) == []


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    """Whether two labels lie over each other."""
    apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not (apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


@pytest.mark.parametrize("size", SIZES)
def test_knowledge_kpi_rows_are_read_and_taken_along(visit, server, size):
    """The table scrolls within the page, its columns stay wide enough to read, and it downloads."""
    page = visit(server, "/knowledge/role.sales", size=size)
    formula = page.locator(".kpis th", has_text="Formula")
    formula.scroll_into_view_if_needed()
    box = formula.bounding_box()
    assert box is not None and box["width"] > 90
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    saved = download(page, "text=Download CSV")
    assert "Win rate" in saved.decode("utf-8-sig")
