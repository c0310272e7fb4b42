"""The chat in a real browser: typing, picking, judging, copying; with a script and without."""

from __future__ import annotations

import pytest
from browser import DESKTOP, LOOKS, PHONE, ask
from playwright.sync_api import Page, expect

QUESTION = "品牌和内容运营有什么区别？"
LOW = (320, 480)
CHECKLIST = "大促前要检查什么"
UNSURE = "运营"
"""What is asked about has several meanings, so the answer offers choices."""
POSTING = (
    "内容运营专员\n岗位职责：\n1、负责公众号、小红书的选题策划、内容撰写和排版发布；\n"
    "2、跟踪阅读量、互动率等数据，优化内容质量。\n任职要求：\n文案功底扎实，有两年以上新媒体经验。"
)
LOOKED_AT = [pytest.param(size, dark, id=name) for size, dark, name in LOOKS]
WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]


def mine(page: Page):
    """What the person has said."""
    return page.locator(".mine .bubble")


def answer(page: Page):
    """The newest answer."""
    return page.locator("#log .theirs .bubble").last


@pytest.mark.parametrize(("size", "dark"), LOOKED_AT)
def test_chat_enter_sends(visit, server, size, dark):
    """Enter sends; question and answer appear, and one can go on writing at once."""
    page = visit(server, size=size, dark=dark, language="zh")
    page.fill("#text", QUESTION)
    page.press("#text", "Enter")
    expect(mine(page)).to_have_text(QUESTION)
    expect(answer(page).get_by_role("columnheader")).to_have_text(["品牌", "内容运营"])
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()
    expect(mine(page)).to_be_in_viewport()


def test_chat_shift_enter_breaks_the_line(visit, server):
    """Shift+Enter begins a new line and sends nothing; Enter then sends both."""
    page = visit(server)
    page.fill("#text", "brand")
    page.press("#text", "Shift+Enter")
    page.keyboard.type("goals")
    expect(page.locator("#text")).to_have_value("brand\ngoals")
    expect(mine(page)).to_have_count(0)
    page.press("#text", "Enter")
    expect(mine(page)).to_have_text("brand\ngoals", use_inner_text=True)


def test_chat_enter_of_an_input_method_does_not_send(visit, server):
    """The Enter that ends a composition belongs to the input method; the next one sends."""
    page = visit(server, language="zh")
    page.focus("#text")
    devtools = page.context.new_cdp_session(page)
    devtools.send(
        "Input.imeSetComposition", {"text": "品牌", "selectionStart": 2, "selectionEnd": 2}
    )
    enter = {"type": "rawKeyDown", "windowsVirtualKeyCode": 13, "key": "Enter", "code": "Enter"}
    devtools.send("Input.dispatchKeyEvent", enter)
    expect(page.locator("#text")).to_have_value("品牌")
    expect(mine(page)).to_have_count(0)
    devtools.send("Input.insertText", {"text": "品牌"})
    page.keyboard.press("Enter")
    expect(mine(page)).to_have_text("品牌")


def test_chat_enter_sends_nothing_that_is_blank(visit, server):
    """Blanks alone are not sent."""
    page = visit(server)
    page.fill("#text", "   ")
    page.press("#text", "Enter")
    ask(page, "brand")
    expect(mine(page)).to_have_text(["brand"])


def test_chat_draft_is_kept_until_it_is_sent(visit, server):
    """What was written survives a reload, and is gone once it was sent."""
    page = visit(server)
    page.fill("#text", "what does brand")
    page.reload()
    expect(page.locator("#text")).to_have_value("what does brand")
    page.press("#text", "Enter")
    expect(mine(page)).to_have_text("what does brand")
    page.reload()
    expect(page.locator("#text")).to_have_value("")
    expect(mine(page)).to_have_text("what does brand")


@pytest.mark.parametrize("script", WAYS)
def test_chat_choices_are_picked_once(visit, server, script):
    """A choice is a button that asks; choices of an older answer cannot be pressed any more."""
    page = visit(server, language="zh", script=script)
    ask(page, UNSURE)
    choice = answer(page).locator(".choices button").first
    label = choice.inner_text()
    choice.click()
    expect(mine(page)).to_have_count(2)
    expect(answer(page).locator(".heading")).to_contain_text(label)
    old = page.locator("#log .theirs .bubble").first
    expect(old).to_contain_text(label)
    expect(old.locator(".choices button:enabled")).to_have_count(0)


@pytest.mark.parametrize("script", WAYS)
def test_chat_examples_can_be_asked(visit, server, script):
    """The questions of the first page are buttons; with a script they stay so."""
    page = visit(server, script=script)
    example = page.locator(".examples button").first
    question = example.inner_text()
    example.click()
    expect(mine(page)).to_have_text(question)
    if script:
        expect(page.locator(".examples button").first).to_be_enabled()


@pytest.mark.parametrize("script", WAYS)
def test_chat_answers_are_judged(visit, server, script):
    """A thumb is thanked for; thumbs down asks for a reason; both are kept."""
    page = visit(server, script=script)
    ask(page, "What does brand do?")
    answer(page).get_by_role("button", name="Helpful", exact=True).click()
    expect(answer(page).get_by_role("status")).to_have_text("Thank you, noted.")
    ask(page, "What does content operations do?")
    answer(page).get_by_role("button", name="Not helpful").click()
    reason = f"too long ({script})"
    answer(page).get_by_label("What was wrong?").fill(reason)
    answer(page).get_by_role("button", name="Send").click()
    expect(answer(page).get_by_label("What was wrong?")).to_have_count(0)
    kept = server.app.store.feedback.all()[:2]
    assert [(one.good, one.reason) for one in kept] == [(False, reason), (True, "")]


@pytest.mark.parametrize("script", WAYS)
def test_chat_language_is_switched(visit, server, script):
    """The menu of languages changes the interface, and the choice is kept."""
    page = visit(server, language="zh", script=script, size=PHONE)
    page.click(".languages summary")
    page.click(".languages [hreflang=ja]")
    expect(page.locator(".send")).to_have_text("送信")
    page.goto("/knowledge")
    expect(page.locator("html")).to_have_attribute("lang", "ja")


def test_chat_answer_is_copied(visit, server):
    """Copy takes the answer as text, without buttons and choices."""
    page = visit(server, permissions=["clipboard-read", "clipboard-write"])
    ask(page, "What does brand do?")
    answer(page).get_by_role("button", name="Copy").click()
    expect(answer(page).get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(answer(page).locator(".heading").inner_text())
    assert answer(page).locator(".source").inner_text() in copied
    assert answer(page).locator(".prompt").inner_text() not in copied


@pytest.mark.parametrize("script", WAYS)
@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desk")]
)
def test_chat_pasted_posting_gets_a_verdict(visit, server, script, size):
    """A whole posting pasted into the chat is classified, and its text is not kept."""
    page = visit(server, language="zh", script=script, size=size)
    ask(page, POSTING)
    expect(answer(page).locator(".heading").first).to_contain_text("内容运营")
    page.reload()
    expect(answer(page).locator(".heading").first).to_contain_text("内容运营")
    expect(mine(page)).to_have_text("…")


@pytest.mark.parametrize("script", WAYS)
def test_chat_without_script_is_the_same_chat(visit, server, script):
    """What is said stays after a reload, in the order it was said."""
    page = visit(server, script=script, size=PHONE)
    ask(page, "What does brand do?")
    ask(page, "and its metrics?")
    page.reload()
    expect(mine(page)).to_have_text(["What does brand do?", "and its metrics?"])


def test_chat_words_stay_words(visit, server):
    """Markup that somebody writes is shown, and does nothing."""
    page = visit(server)
    markup = "<img src=x onerror=alert(1)><b>brand</b>"
    ask(page, markup)
    expect(mine(page)).to_have_text(markup)
    page.reload()
    expect(mine(page)).to_have_text(markup)
    expect(page.locator(".mine b, .mine img")).to_have_count(0)


def test_chat_long_answer_is_read_from_its_beginning(visit, server):
    """After a long answer the question stands at the top, and so it does after a reload."""
    page = visit(server, language="zh", size=LOW)
    ask(page, "品牌")
    ask(page, QUESTION)
    assert answer(page).bounding_box()["height"] > LOW[1]
    expect(mine(page).last).to_be_in_viewport()
    page.reload()
    expect(mine(page).last).to_be_in_viewport()


def test_chat_says_what_went_wrong_and_keeps_the_draft(visit, server):
    """A refused or lost message is told about; what was written can be sent again."""
    page = visit(server, expected=(422,))
    text, long = page.locator("#text"), "brand " * 4_000
    text.evaluate("(field, value) => { field.value = value }", long)
    page.click(".send")
    expect(page.get_by_role("alert")).to_contain_text("not filled in correctly")
    expect(text).to_have_value(long)
    text.fill("What does brand do?")
    page.click(".send")
    expect(mine(page)).to_have_text("What does brand do?")
    expect(page.locator("#notice")).to_be_empty()


def test_chat_says_that_the_server_cannot_be_reached(visit, server):
    """Without a connection nothing is lost."""
    page = visit(server)
    page.route("**/chat", lambda route: route.abort())
    page.fill("#text", "What does brand do?")
    page.click(".send")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.locator("#text")).to_have_value("What does brand do?")
    visit.complaints.clear()  # the console says the same
    page.unroute("**/chat")
    page.click(".send")
    expect(mine(page)).to_have_text("What does brand do?")


@pytest.mark.parametrize("script", WAYS)
def test_chat_says_why_below_each_answer(visit, server, script):
    """Folded away until it is opened; there after a reload, and below older answers, too."""
    page = visit(server, language="zh", script=script)
    ask(page, QUESTION)
    ask(page, "公关要盯哪些指标")
    page.reload()
    folds = page.locator(".why")
    expect(folds).to_have_count(2)
    expect(folds.first.get_by_role("listitem").first).to_be_hidden()
    folds.first.locator("summary").click()
    expect(folds.first).to_contain_text("内容运营")


def test_chat_names_lead_to_their_pages(visit, server):
    """The heading opens the entry, and the source the section that it says."""
    page = visit(server, language="zh")
    ask(page, "内容运营做什么")
    source = answer(page).locator(".source a").last
    expect(source).to_have_attribute(
        "href", "/knowledge/role.content_operations#s-responsibilities"
    )
    answer(page).locator(".heading a").click()
    expect(page.locator("h1")).to_have_text("内容运营")
    expect(page.locator("#s-responsibilities")).to_have_count(1)


@pytest.mark.parametrize("script", WAYS)
@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desk")]
)
def test_chat_checklist_begins_with_its_head_and_its_button(visit, server, script, size):
    """What it is and the button that starts it are in view; the items fold out, and those that
    must pass are there at once where no list was asked for."""
    page = visit(server, language="zh", script=script, size=size)
    ask(page, CHECKLIST)
    expect(answer(page)).to_contain_text("共 25 项，分 3 个检查时刻；必过 9 项")
    expect(answer(page).get_by_role("listitem").filter(has_text="[必过")).to_have_count(9)
    start = answer(page).get_by_role("button", name="开始这张清单")
    first = answer(page).get_by_role("listitem").first
    assert start.bounding_box()["y"] < first.bounding_box()["y"]
    ask(page, "营销活动清单")
    expect(answer(page)).to_contain_text("共 25 项，分 3 个检查时刻；必过 9 项")
    items = answer(page).locator("details.fold:not(.why)")
    expect(items).to_have_count(3)
    expect(items.first.get_by_role("listitem").first).to_be_hidden()
    start = answer(page).get_by_role("button", name="开始这张清单")
    expect(start).to_be_in_viewport()
    assert start.bounding_box()["y"] < items.first.bounding_box()["y"]
    items.first.locator("summary").click()
    expect(items.first.get_by_role("listitem").first).to_be_visible()
    start.click()
    expect(page.locator("h1")).to_contain_text("营销活动清单")


@pytest.mark.parametrize("script", WAYS)
def test_chat_speaks_the_language_of_the_page_where_words_are_of_none(visit, server, script):
    """SEO is SEO in every language; a sentence decides for itself."""
    page = visit(server, language="ja", script=script)
    ask(page, "SEO")
    expect(answer(page).locator(".source").last).to_contain_text("出典")
