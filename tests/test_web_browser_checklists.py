"""Checklists in a real browser: two people at once, conflicts, gates, and no script at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser import DESKTOP, PHONE, download
from playwright.sync_api import Locator, Page, expect

TEMPLATE = "checklist.campaign"
ORDERED = "checklist.crisis_response"
WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]
POLL = 5_000
"""Milliseconds in which others see a change."""


def begin(page: Page, checklist: str, title: str) -> str:
    """Start a run, which is then shown; returns its path."""
    page.goto("/checklists")
    card = page.locator("details", has=page.locator(f"input[value='{checklist}']"))
    card.locator("summary").click()
    card.locator("input[name=title]").fill(title)
    card.locator("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.evaluate("location.pathname")


def item(page: Page, number: int) -> Locator:
    """The item, counted from 0."""
    return page.locator("li.item").nth(number)


def tick(page: Page, number: int) -> None:
    """Press an item that is open, and see it done."""
    item(page, number).locator("button.tick").click()
    expect(item(page, number)).to_have_class(re.compile("done"))


def excuse(page: Page, number: int, reason: str) -> None:
    """Say why an item does not apply."""
    item(page, number).locator("summary").click()
    item(page, number).get_by_label("Note or reason").fill(reason)
    item(page, number).get_by_role("button", name="Not applicable").click()


def deaf(page: Page) -> None:
    """The page does not hear what others do until it sends something itself."""
    page.route("**/changes*", lambda route: route.fulfill(status=204))


def later(page: Page) -> Page:
    """The page after the time in which it must have heard what others do."""
    page.clock.fast_forward(POLL)
    return page


def killers(page: Page) -> Iterator[int]:
    """The numbers of the items that must pass."""
    for number in range(page.locator("li.item").count()):
        if item(page, number).locator(".killer").count():
            yield number


@pytest.fixture
def pair(visit, password_server):
    """Ann, a manager at a desk, and Ben, staff with a phone; both signed in."""
    ann = visit.signed_in(password_server, "ann", "manager", size=DESKTOP, expected=(409, 422))
    ben = visit.signed_in(
        password_server, "ben", "staff", size=PHONE, dark=True, expected=(409, 422)
    )
    for page in (ann, ben):
        page.clock.install()
    return ann, ben


def test_checklists_are_worked_by_two_at_once(pair):
    """Each sees the other's ticks, who did them, and how far the run is, without reloading."""
    ann, ben = pair
    path = begin(ann, TEMPLATE, "Anniversary sale")
    ben.goto("/checklists")
    ben.get_by_role("link", name="Anniversary sale").click()
    ben.evaluate("window.stayed = true")
    item(ben, 1).locator("summary").click()
    item(ben, 1).get_by_label("Note or reason").fill("half a thou")
    tick(ann, 0)
    expect(item(later(ben), 0)).to_have_class(re.compile("done"))
    expect(item(ben, 0)).to_contain_text("ann")
    expect(item(ben, 1).get_by_label("Note or reason")).to_have_value("half a thou")
    tick(ann, 1)
    expect(item(later(ben), 1)).to_have_class(re.compile("done"))
    expect(item(ben, 1).get_by_label("Note or reason")).to_be_visible()
    expect(item(ben, 1).get_by_label("Note or reason")).to_have_value("half a thou")
    tick(ben, 2)
    expect(item(later(ann), 2)).to_have_class(re.compile("done"))
    expect(item(ann, 2)).to_contain_text("ben")
    expect(ann.locator("#head")).to_contain_text("3 of")
    expect(ben.locator("#head")).to_contain_text("3 of")
    assert ben.evaluate("window.stayed && location.pathname") == path


def test_checklists_show_a_conflict_and_how_it_stands(pair):
    """Who presses what somebody else has just changed is told so, and overwrites nothing."""
    ann, ben = pair
    path = begin(ann, TEMPLATE, "Spring launch")
    ben.goto(path)
    deaf(ann)
    excuse(ben, 3, "no such channel")
    expect(item(ben, 3)).to_contain_text("not applicable")
    item(ann, 3).locator("button.tick").click()
    expect(ann.locator("#sync").get_by_role("alert")).to_contain_text("Somebody else")
    expect(item(ann, 3)).to_have_class(re.compile(r"\bna\b"))
    expect(item(ann, 3)).to_contain_text("no such channel")
    item(ann, 3).locator("button.tick").click()
    expect(item(ann, 3)).to_have_class(re.compile(r"\bopen\b"))


def test_checklists_are_closed_once_the_gates_are_open(pair):
    """Items that must pass keep a run from closing; then it closes, reopens, and tells who did."""
    ann, ben = pair
    path = begin(ann, TEMPLATE, "Double eleven")
    ben.goto(path)
    expect(ben.get_by_role("button", name="Close the run")).to_have_count(0)
    gates = list(killers(ann))
    assert len(gates) > 1
    for number in gates[:-1]:
        tick(ann, number)
    missing = item(ann, gates[-1]).locator(".what").inner_text()
    ann.get_by_role("button", name="Close the run").click()
    expect(ann.get_by_role("alert").filter(has_text=missing)).to_be_visible()
    ann.get_by_role("link", name="Back to the run").click()
    tick(ben, gates[-1])
    expect(item(later(ann), gates[-1])).to_have_class(re.compile("done"))
    ann.get_by_role("button", name="Close the run").click()
    ann.get_by_role("button", name="Close it anyway").click()
    expect(ann.locator("#head")).to_contain_text("Closed by ann")
    expect(later(ben).locator("#head")).to_contain_text("Closed by ann")
    expect(ben.locator("button.tick")).to_have_count(0)
    expect(ben.get_by_role("button", name="Reopen")).to_have_count(0)
    ann.get_by_role("button", name="Reopen").click()
    expect(ann.locator("#head")).not_to_contain_text("Closed")
    expect(later(ben).locator("button.tick").first).to_be_visible()
    ann.get_by_text("History", exact=True).click()
    told = ann.locator("#history li").all_inner_texts()
    assert re.search("ann · reopened", told[0])
    assert re.search("ann · closed", told[1])
    assert re.search(f"ben · ticked · {re.escape(missing)}", told[2])
    assert re.search("ann · started", told[-1])


def test_checklists_in_order_go_one_by_one(visit, server):
    """In a list to be read and done, only the next item can be pressed."""
    page = visit(server, size=PHONE)
    begin(page, ORDERED, "Rumour")
    expect(page.locator("button.tick")).to_have_count(1)
    expect(item(page, 0)).to_have_attribute("aria-current", "step")
    tick(page, 0)
    expect(item(page, 1)).to_have_attribute("aria-current", "step")
    expect(page.locator("button.tick")).to_have_count(2)
    expect(page.locator("[aria-current=step]")).to_have_count(1)


def test_checklists_keep_the_keyboard_where_it_is(visit, server):
    """After a tick by keyboard the same item still has the focus, and can be unticked."""
    page = visit(server)
    begin(page, TEMPLATE, "By keyboard")
    item(page, 1).locator("button.tick").focus()
    page.keyboard.press("Space")
    expect(item(page, 1).locator("button.tick")).to_have_attribute("aria-pressed", "true")
    expect(item(page, 1).locator("button.tick")).to_be_focused()
    page.keyboard.press("Space")
    expect(item(page, 1).locator("button.tick")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("script", WAYS)
def test_checklists_not_applicable_needs_a_reason(visit, server, script):
    """Without a reason it is refused; with one the item is settled and shows it."""
    page = visit(server, script=script, size=PHONE, expected=(422,))
    begin(page, TEMPLATE, f"Reasons {script}")
    item(page, 1).locator("summary").click()
    item(page, 1).get_by_label("Note or reason").fill("   ")
    item(page, 1).get_by_role("button", name="Not applicable").click()
    expect(page.locator("#sync").get_by_role("alert")).to_contain_text("needs a reason")
    page.reload()
    excuse(page, 1, "sold online only")
    expect(item(page, 1)).to_have_class(re.compile(r"\bna\b"))
    expect(item(page, 1)).to_contain_text("sold online only")
    expect(page.locator("#head")).to_contain_text("1 of")


def test_checklists_without_script_are_worked_too(visit, server):
    """Ticks, conflicts and gates come as whole pages; after a tick the page is where it was."""
    page = visit(server, script=False, size=PHONE, expected=(409,))
    path = begin(page, TEMPLATE, "Plain")
    tick(page, 4)
    expect(item(page, 4)).to_be_in_viewport()
    other = visit(server, path, script=False)
    item(other, 4).locator("button.tick").click()
    expect(item(other, 4)).to_have_class(re.compile(r"\bopen\b"))
    excuse(other, 5, "not here")
    item(page, 5).locator("button.tick").click()
    expect(page.locator("#sync").get_by_role("alert")).to_contain_text("Somebody else")
    page.get_by_role("button", name="Close the run").click()
    expect(page.get_by_role("alert").filter(has_text="not done")).to_be_visible()
    page.get_by_label("Why it is closed").fill("The fair is off")
    page.get_by_role("button", name="Close it anyway").click()
    expect(page.locator("#head")).to_contain_text("Closed by")
    page.locator("summary", has_text="History").click()
    expect(page.locator("#history")).to_contain_text("closed · The fair is off")


@pytest.mark.parametrize("script", WAYS)
def test_checklists_get_owners_and_a_date(visit, server, script):
    """With a date the items have days, and those that have passed are late; owners have names."""
    page = visit(server, script=script)
    begin(page, TEMPLATE, f"Dates {script}")
    page.get_by_text("Owners and date").click()
    form = page.locator("form[action$=assign]")
    form.get_by_label("Date T").fill("2020-06-18")
    form.locator("input[name=holder]").first.fill("Chen")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#head .late")).to_be_visible()
    expect(page.locator(".item", has_text="(Chen)").first).to_be_visible()
    ics = download(page, 'a[href$=".ics"]').decode()
    assert "BEGIN:VEVENT" in ics
    assert "Chen" in download(page, 'a[href$=".md"]').decode()


@pytest.mark.parametrize("script", WAYS)
def test_checklists_are_found_by_need(visit, server, script):
    """One says what one is preparing for, and starts the list that fits."""
    page = visit(server, "/checklists", script=script, language="zh", size=PHONE)
    page.get_by_label("您要准备什么").fill("大促前要检查什么")
    page.keyboard.press("Enter")
    found = page.locator("details.begin[open]").first
    found.locator("button").click()
    expect(page.locator("li.item").first).to_be_visible()


@pytest.mark.parametrize("script", WAYS)
def test_checklists_of_ones_own_are_checked(visit, server, script):
    """A list that somebody wrote gets findings by line; the text stays in the form."""
    page = visit(server, "/checklists/lint", script=script, size=PHONE)
    text = "- [ ] asap\n- [ ] Send the offer (done when: it is sent)\n"
    page.fill("textarea[name=text]", text)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".findings li").first).to_contain_text("Line 1")
    expect(page.locator("textarea[name=text]")).to_have_value(text)
