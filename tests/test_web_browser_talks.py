"""Conversations in a real browser: at once, several, found again, asked again, handed on."""

from __future__ import annotations

import pytest
from browser import DESKTOP, PHONE, ask, barriers, download
from playwright.sync_api import Page, expect
from web_server import Server

from bot.web.auth import SESSION
from knowledge.engine.model import LANGUAGES

FIRST, SECOND = "What does brand do?", "Who writes the press release?"
WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desk")]


def mine(page: Page):
    """What the person has said."""
    return page.locator(".mine .bubble")


def answer(page: Page):
    """The newest answer."""
    return page.locator("#log .theirs .bubble").last


@pytest.mark.parametrize("size", SIZES)
def test_talks_first_page_offers_three_jobs_each_one_press_away(visit, server, size):
    """Asking is there already, the two others are one press from the first page."""
    page = visit(server, size=size)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who does what")
    expect(page.locator("#text")).to_be_in_viewport()
    for job, path in (("Check a posting", "/posting"), ("Run a checklist", "/checklists")):
        page.goto("/")
        page.get_by_role("link", name=job).click()
        page.wait_for_url(f"**{path}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_talks_examples_of_the_first_page_are_answered(visit, server, language):
    """No example ends in a refusal or in a question back, in any language."""
    page = visit(server, language=language)
    for n in range(4):
        page.goto("/chats/new")
        page.locator(".examples button").nth(n).click()
        expect(mine(page)).to_have_count(1)
        expect(answer(page).locator(".heading, .source").first).to_be_visible()
        kept = server.app.store.feedback.questions()
        assert mine(page).inner_text() not in {one.question for one in kept}


def test_talks_what_is_sent_stands_there_at_once(visit, server):
    """The own bubble and three dots come before the answer, and the field is free again."""
    page = visit(server)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/chat", hold)
    page.fill("#text", FIRST)
    page.press("#text", "Enter")
    expect(page.locator(".sent .bubble")).to_have_text(FIRST)
    expect(page.locator(".waits .dots i")).to_have_count(3)
    expect(page.locator("#text")).to_have_value("")
    page.fill("#text", "and then")
    held[0].continue_()
    expect(mine(page)).to_have_text(FIRST)
    expect(page.locator(".sent, .waits")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("and then")


def test_talks_what_could_not_be_sent_is_back_in_the_field(visit, server):
    """A torn connection: the bubble goes, the words are back, one press sends them again."""
    page = visit(server)
    page.route("**/chat", lambda route: route.abort())
    page.fill("#text", FIRST)
    page.press("#text", "Enter")
    expect(page.locator("#notice")).to_contain_text("cannot be reached")
    expect(page.locator("#text")).to_have_value(FIRST)
    expect(page.locator(".sent")).to_have_count(0)
    visit.complaints.clear()
    page.unroute("**/chat")
    page.get_by_role("button", name="Try again").click()
    expect(mine(page)).to_have_text(FIRST)
    expect(page.locator("#notice")).to_be_empty()


def test_talks_say_that_there_is_no_network(visit, server):
    """A bar at the field says so while there is none, and goes by itself."""
    page = visit(server)
    page.context.set_offline(True)
    expect(page.locator("#notice")).to_contain_text("offline")
    page.context.set_offline(False)
    expect(page.locator("#notice")).to_be_empty()
    visit.complaints.clear()  # the console says the same


@pytest.mark.parametrize("script", WAYS)
def test_talks_are_there_on_coming_back(visit, server, script):
    """Back shows the conversation as it is, not as it was when one left."""
    page = visit(server, script=script)
    ask(page, FIRST)
    page.goto("/knowledge")
    page.go_back()
    expect(mine(page)).to_have_text(FIRST)


@pytest.mark.parametrize("script", WAYS)
def test_talks_are_several(visit, server, script):
    """A new conversation begins empty; the old one is in the list, and goes on where it was."""
    page = visit(server, script=script)
    ask(page, FIRST)
    page.get_by_role("link", name="New conversation").click()
    expect(mine(page)).to_have_count(0)
    ask(page, SECOND)
    page.get_by_role("link", name="Past conversations").click()
    expect(page.locator(".talk-list a")).to_have_text([SECOND, FIRST])
    page.get_by_role("link", name=FIRST).click()
    ask(page, "and its metrics?")
    expect(mine(page)).to_have_text([FIRST, "and its metrics?"])
    expect(answer(page)).to_contain_text("Brand")


def test_talks_in_two_tabs_do_not_mix(visit, server):
    """What is asked in one tab is not taken for a part of the conversation in the other."""
    page = visit(server)
    other = page.context.new_page()
    other.goto("/chats/new")
    ask(page, FIRST)
    ask(other, SECOND)
    ask(page, "and its metrics?")
    page.reload()
    other.reload()
    expect(mine(other)).to_have_text(SECOND)
    page.goto("/?c=0")
    expect(mine(page)).to_have_text([FIRST, "and its metrics?"])


@pytest.mark.parametrize("script", WAYS)
def test_talks_are_searched_exported_and_deleted(visit, server, script):
    """A word of a question or an answer finds the place; the text can be taken along; it goes."""
    page = visit(server, script=script, size=PHONE)
    ask(page, FIRST)
    page.goto("/chats/new")
    ask(page, SECOND)
    page.goto("/chats")
    page.fill("#q", "press release")
    page.press("#q", "Enter")
    expect(page.locator(".plain").first.get_by_role("link")).to_have_text(SECOND)
    told = download(page, "text=Export all").decode()
    assert f"> {FIRST}" in told
    assert f"> {SECOND}" in told
    page.get_by_role("button", name=f"Delete the conversation “{SECOND}").click()
    expect(page.locator(".talk-list a")).to_have_text([FIRST])
    if script:
        assert barriers(page) == []


@pytest.mark.parametrize("script", WAYS)
def test_talks_question_is_edited_and_asked_again(visit, server, script):
    """Two presses: the pencil puts the question into the field, and it is sent changed."""
    page = visit(server, script=script)
    ask(page, FIRST)
    page.get_by_role("link", name="Edit and ask again").click()
    expect(page.locator("#text")).to_have_value(FIRST)
    ask(page, "What does public relations do?")
    expect(mine(page)).to_have_text([FIRST, "What does public relations do?"])


@pytest.mark.parametrize("script", WAYS)
def test_talks_thumb_down_takes_a_reason_in_one_press(visit, server, script):
    """The reasons are in view; one press keeps one."""
    page = visit(server, script=script, size=PHONE)
    ask(page, f"{FIRST} ({script})")
    answer(page).get_by_role("button", name="Not helpful").click()
    answer(page).get_by_role("button", name="Out of date").click()
    expect(answer(page).get_by_role("button", name="Out of date")).to_have_count(0)
    assert server.app.store.feedback.all()[0].reason == "Out of date"


@pytest.mark.parametrize("script", WAYS)
def test_talks_answer_is_handed_on_by_a_link(visit, server, script):
    """One press makes it; another visitor opens the answer with it, and nobody without it."""
    page = visit(server, script=script)
    ask(page, FIRST)
    answer(page).get_by_role("button", name="Share this answer").click()
    if script:
        link = answer(page).get_by_label("Link to the answer").input_value()
        assert link.startswith(server.url)
    else:
        page.wait_for_url("**/answers/*")
        link = page.url
    reader = visit(server, link.removeprefix(server.url), script=script, expected=(404,))
    expect(reader.get_by_role("heading", level=1)).to_have_text(FIRST)
    expect(reader.locator("article .source")).to_be_visible()
    if script:
        assert barriers(reader) == []
    assert reader.goto(f"{link[:-1]}~").status == 404


def test_talks_why_marks_the_words_that_counted(visit, server):
    """The fold shows the question with what was read in it, and what came next."""
    page = visit(server, language="zh")
    ask(page, "公关要盯哪些指标")
    page.locator(".why summary").click()
    expect(page.locator(".why .asked")).to_have_text("公关要盯哪些指标")
    expect(page.locator(".why .asked mark").first).to_be_visible()
    expect(page.locator(".why .editors")).to_contain_text("knowledge/roles/")


@pytest.mark.parametrize("script", WAYS)
def test_talks_session_that_has_ended_loses_no_question(visit, password_server: Server, script):
    """The bar says what to do; after signing in the question is back in the field."""
    name = f"Expired {script}"
    page = visit.signed_in(password_server, name, "staff", script=script, expected=(401,))
    for cookie in page.context.cookies():
        if cookie["name"] == SESSION:
            password_server.app.store.people.close_session(cookie["value"])
    page.fill("#text", FIRST)
    page.click(".send")
    if script:
        expect(page.locator("#notice")).to_contain_text("Your session has ended")
        page.locator("#notice").get_by_role("link", name="Sign in").click()
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", "correct horse battery")
    page.locator("main form button").click()
    expect(page.locator("#text")).to_have_value(FIRST)
    ask(page, FIRST)


def test_talks_form_that_is_sent_twice_is_answered_once(visit, server):
    """A double click without a script: the second request finds the first one's answer."""
    page = visit(server, script=False)
    form = {
        name: page.locator(f"form.compose input[name={name}]").get_attribute("value")
        for name in ("c", "once")
    } | {"text": FIRST}
    for _ in range(2):
        page.request.post("/chat", form=form, headers={"origin": server.url})
    page.reload()
    expect(mine(page)).to_have_text(FIRST)


@pytest.mark.parametrize("path", ["/", "/chats?q=brand"])
def test_talks_language_is_changed_and_nothing_is_lost(visit, server, path):
    """What is written, and what was asked for, is still there in the other language."""
    page = visit(server, path)
    if path == "/":
        page.fill("#text", FIRST)
    page.click(".languages summary")
    page.click(".languages [hreflang=ja]")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    if path == "/":
        expect(page.locator("#text")).to_have_value(FIRST)
    else:
        assert "q=brand" in page.url
