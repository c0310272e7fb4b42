"""Forms on a bad day: the line tears, the session ends, a button is pressed twice.

What was typed is never lost, a sentence says what to do, and nothing is done twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from browser import DESKTOP, PHONE, barriers, sign_in, too_wide
from playwright.sync_api import Page, expect
from web_server import serving

from bot.rate_limits import RateLimiter
from bot.web.auth import SESSION

WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]
POSTING = "岗位职责：负责公众号的选题策划、内容撰写和排版发布；跟踪阅读量，优化内容质量\n文案扎实"
LIST = "1. Book the room\n2. Print the flyers\n"
TABLE = (
    "职位名称,职位描述\n销售代表,开发新客户；电话邀约；完成销售指标；跟进签约和回款\n"
    "内容运营,负责公众号的选题策划、内容撰写和排版发布\n"
)


@dataclass(frozen=True)
class Job:
    """A form with something typed into it."""

    role: str
    path: str
    typed: dict[str, str]
    """Selector -> what is typed there."""
    button: str
    done: Callable[[Page], None]
    """What is there once it was taken."""

    def fill(self, page: Page) -> None:
        """Go there, and fill it in."""
        page.goto(self.path)
        for selector, words in self.typed.items():
            unfold(page, selector)
            page.locator(selector).first.fill(words)

    def stands(self, page: Page) -> None:
        """What was typed is in the form, in view."""
        for selector, words in self.typed.items():
            expect(page.locator(selector).first).to_have_value(words)
            expect(page.locator(selector).first).to_be_visible()

    def send(self, page: Page) -> None:
        """Press the button."""
        page.get_by_role("button", name=self.button, exact=True).first.click()


def unfold(page: Page, selector: str) -> None:
    """Open the fold around the field, if it is closed."""
    fold = page.locator("details:not([open])", has=page.locator(selector)).first
    if not page.locator(selector).first.is_visible():
        fold.locator("summary").first.click()


def judged(page: Page) -> None:
    """The posting has its verdict."""
    expect(page.locator(".text mark.own").first).to_be_visible()


def running(page: Page) -> None:
    """A run has been started."""
    expect(page.locator("li.item").first).to_be_visible()


def kept(page: Page) -> None:
    """A template has been kept, and its run is asked about."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fair")
    expect(page.locator("input[name=checklist]")).to_have_value(re.compile("^own"))


def looked_over(page: Page) -> None:
    """This server has nowhere to write: that is said, and what was typed is still in the form."""
    expect(page.get_by_role("alert").filter(has_text="no overlay folder")).to_be_visible()
    expect(page.locator("#zh-title")).to_have_value("病假")
    expect(page.locator("#zh-summary")).to_have_value("病假要有证明。\n两天内交。")


JOBS = {
    "posting": Job(
        "hr", "/posting",
        {"input[name=title]": "内容运营专员", "textarea[name=text]": POSTING},
        "Classify", judged,
    ),
    "pasted list": Job(
        "staff", "/checklists", {"textarea[name=text]": LIST}, "Start it", running
    ),
    "start of a list": Job(
        "staff", "/checklists/start?checklist=checklist.campaign",
        {"input[name=title]": "Spring", "input[name=anchor]": "2030-03-01",
         "input[name=holder]": "Chen"},
        "Start this checklist", running,
    ),
    "own list": Job(
        "staff", "/checklists/lint",
        {"input[name=title]": "Fair", "textarea[name=text]": LIST},
        "Save and start", kept,
    ),
    "entry": Job(
        "editor", "/edit/new?kind=faq",
        {"#zh-title": "病假", "#zh-summary": "病假要有证明。\n两天内交。"},
        "Check", looked_over,
    ),
}  # fmt: skip


@pytest.fixture(params=JOBS)
def job(request):
    """Each form in turn."""
    return JOBS[request.param]


def name_of(request) -> str:
    """A person of this test alone."""
    return re.sub(r"\W+", "-", request.node.name)[:80]


def end_session(page: Page, server) -> None:
    """The session ends while somebody is writing."""
    for cookie in page.context.cookies():
        if cookie["name"] == SESSION:
            server.app.store.people.close_session(cookie["value"])


def tear(page: Page) -> None:
    """The next form that is sent does not arrive; what comes after does."""
    torn: list[str] = []

    def once(route):
        if route.request.method == "POST" and not torn:
            torn.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/*", once)


def test_torn_line_gives_the_form_back_filled_in(visit, password_server, request, job):
    """Back from the browser's own page, everything stands there, and one press sends it."""
    page = visit.signed_in(password_server, name_of(request), job.role, expected=(409,))
    job.fill(page)
    tear(page)
    job.send(page)
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(page.locator("#notice")).to_contain_text("is here again")
    expect(page.locator("#notice")).to_be_in_viewport()
    job.stands(page)
    assert barriers(page) == []
    visit.complaints.clear()  # the console says that it was torn
    job.send(page)
    job.done(page)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_torn_network_keeps_the_form_where_it_is(visit, password_server, request, job, size):
    """Offline nothing leaves the page; the bar says so, and goes once the network is back."""
    page = visit.signed_in(password_server, name_of(request), job.role, size=size, expected=(409,))
    job.fill(page)
    page.context.set_offline(True)
    job.send(page)
    expect(page.locator("#notice")).to_contain_text("You are offline")
    expect(page.locator("#notice")).to_be_in_viewport()
    job.stands(page)
    page.context.set_offline(False)
    expect(page.locator("#notice")).to_be_empty()
    visit.complaints.clear()  # the console says that there is no network
    job.send(page)
    job.done(page)


@pytest.mark.parametrize("script", WAYS)
def test_torn_session_keeps_what_was_sent(visit, password_server, request, job, script):
    """A wrong password loses nothing either; signed in again, one press sends it."""
    name = name_of(request)
    page = visit.signed_in(password_server, name, job.role, script=script, expected=(401, 409))
    job.fill(page)
    end_session(page, password_server)
    job.send(page)
    expect(page.get_by_role("alert")).to_contain_text(["What you wrote is kept"])
    assert too_wide(page) == []
    sign_in(page, name, "a wrong password")
    expect(page.get_by_role("alert")).to_contain_text(["wrong", "What you wrote is kept"])
    sign_in(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in again")
    if script:
        assert barriers(page) == []
    page.get_by_role("button", name="Send it now").click()
    job.done(page)


@pytest.mark.parametrize("script", WAYS)
def test_torn_session_says_that_a_file_has_to_be_chosen_again(
    visit, password_server, request, script
):
    """A file is too much for a page to keep."""
    name = name_of(request)
    page = visit.signed_in(password_server, name, "hr", script=script, expected=(401,))
    page.goto("/posting")
    bring(page)
    end_session(page, password_server)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(["a file has to be chosen again"])
    sign_in(page, name)
    expect(page.get_by_role("button", name="Upload", exact=True)).to_be_visible()


def bring(page: Page) -> None:
    """Choose a table of postings."""
    file = {"name": "two.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.set_input_files("input[type=file]", files=[file])


@pytest.mark.parametrize("script", WAYS)
def test_torn_uploads_make_one_batch_however_often_they_are_sent(
    visit, password_server, request, script
):
    """Pressed twice, or sent again because no answer came."""
    name = name_of(request)
    page = visit.signed_in(password_server, name, "hr", script=script, expected=(409,))
    page.goto("/posting")
    once = page.locator("form[enctype] input[name=once]").get_attribute("value")
    bring(page)
    page.get_by_role("button", name="Upload", exact=True).dblclick()
    expect(page.locator("main h1")).to_be_visible()
    files = {"name": "two.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.request.post(
        "/posting", multipart={"once": once, "files": files}, headers={"origin": page.url}
    )
    person = password_server.app.store.people.by_name(name)
    assert len(password_server.app.store.jobs.list_for(person.id, 10)) == 1


@pytest.fixture
def run(visit, password_server, request):
    """A run of a list that somebody has just begun; returns (page, name)."""
    name = name_of(request)
    page = visit.signed_in(password_server, name, "staff", size=PHONE, expected=(401,))
    page.goto("/checklists")
    page.locator("textarea[name=text]").fill(LIST)
    page.locator("button[value=begin]").click()
    running(page)
    page.clock.install()
    return page, name


def note(page: Page):
    """The field for a note on the first item, opened."""
    field = page.locator("li.item").first.get_by_label("Note or reason")
    if not field.is_visible():
        page.locator("li.item").first.locator("summary").click()
    return field


def test_torn_tick_can_be_pressed_again(visit, run):
    """A tick that did not arrive is told, and nothing looks ticked; a note stays in its field."""
    page, _ = run
    note(page).fill("the blue room")
    page.route("**/mark", lambda route: route.abort())
    page.locator("button.tick").first.click()
    expect(page.locator("#notice")).to_contain_text("cannot be reached")
    expect(page.locator("#notice")).to_be_in_viewport()
    expect(page.locator("li.item").first).to_have_class(re.compile("open"))
    page.unroute("**/mark")
    visit.complaints.clear()  # the console says the same
    expect(note(page)).to_have_value("the blue room")
    page.locator("li.item").first.get_by_role("button", name="Save the note").click()
    expect(page.locator("li.item").first.locator(".remark")).to_have_text("the blue room")
    page.locator("button.tick").first.click()
    expect(page.locator("li.item").first).to_have_class(re.compile("done"))


def test_torn_session_keeps_a_note_that_is_being_written(run, password_server):
    """The bar leads to the page that asks who one is, and back to the note."""
    page, name = run
    note(page).fill("the blue room")
    end_session(page, password_server)
    page.locator("button.tick").first.click()
    expect(page.locator("#notice")).to_contain_text("Your session has ended")
    expect(page.locator("#notice")).to_be_in_viewport()
    page.locator("#notice").get_by_role("link", name="Sign in").click()
    sign_in(page, name)
    expect(note(page)).to_have_value("the blue room")
    page.locator("button.tick").first.click()
    expect(page.locator("li.item").first).to_have_class(re.compile("done"))


def test_torn_run_is_repeated_once(run):
    """The same again, pressed twice, is one new run."""
    page, _ = run
    page.goto(page.url)
    page.get_by_text("Do it again").click()
    action = page.locator("form[action$=repeat]")
    fields = {
        "newest": "false", "anchor": "", "once": action.locator("[name=once]").input_value()
    }  # fmt: skip
    path = action.get_attribute("action")
    headers = {"origin": page.url}
    made = [page.request.post(path, form=fields, headers=headers).url for _ in range(2)]
    assert made[0] == made[1] != page.url


def test_torn_haste_gives_the_form_back(live, tmp_path):
    """Who is told to wait has what was typed on the page, to be sent again."""
    with (
        serving(tmp_path, live, rates=RateLimiter(lambda: 0.0, rate=0, burst=1)) as server,
        server.client() as client,
    ):
        client.get("/posting")
        answer = client.post("/posting", data={"title": 'A "b"', "text": "one\ntwo <b>"})
    assert answer.status_code == 429
    assert "What you wrote is kept on this page" in answer.text
    assert 'name="title" value="A &#34;b&#34;"' in answer.text
    assert 'name="text" value="one\ntwo &lt;b&gt;"' in answer.text
    assert 'action="/posting"' in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(json.dumps(["//elsewhere.example/", [["a", "b"]]]), id="elsewhere"),
        pytest.param(json.dumps(["https://elsewhere.example/", [["a", "b"]]]), id="far away"),
        pytest.param(json.dumps(["/posting", [["a"]]]), id="no pair"),
        pytest.param(json.dumps(["/posting", [["a", 1]]]), id="no text"),
        pytest.param("[", id="broken"),
    ],
)
def test_torn_session_offers_nothing_that_is_no_form_of_ours(password_server, sent):
    """What comes back with the password is made up: one is signed in, and that is all."""
    with password_server.signed_in("made up", "staff"):
        pass
    with password_server.client() as client:
        fields = {"name": "made up", "password": "correct horse battery", "kept": sent}
        answer = client.post("/sign-in", data=fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_torn_session_keeps_no_password(password_server):
    """A form with a password in it is not given back."""
    with password_server.client() as client:
        answer = client.post(
            "/account/access/password",
            data={"old": "secret-1", "new": "secret-2", "again": "secret-2"},
        )
    assert answer.status_code == 401
    assert "secret" not in answer.text
