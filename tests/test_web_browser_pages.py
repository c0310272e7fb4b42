"""Every page for everyone: axe, screens of any size, light and dark, fingers, four languages."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import (
    DESKTOP,
    LOCALES,
    PHONE,
    NoBrowser,
    Visits,
    ask,
    barriers,
    find,
    resize,
    sign_in,
    too_small,
    too_wide,
)
from playwright.sync_api import Page, expect
from web_server import Server, until

from bot import runs
from bot.insights.proposals import Proposal
from bot.insights.proposals import to_data as proposed
from bot.records import LOCAL
from bot.reminders.sending import OFF
from bot.runs import own_templates
from bot.web import operation, pages
from bot.web.pages.people import INVITE
from bot.web.pages.proposals import PURPOSE
from rules.proposal import Change, Shift, Trial

BY_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""What axe may find in other colours or on another screen; nothing else depends on them here."""
KEY = re.compile(r"\b(?:web|skill|insights|proposal|runs|classify|section|kind|item)\.[a-z_.]+")
"""A sentence that was not found, by its key."""
POSTING = "协助文案和活动，限女性，35岁以下。"
LINT = "- [ ] asap\n- [ ] Send the offer (done when: it is sent)\n"


def talk(page: Page) -> None:
    """A comparison, a thumb, and an answer with choices."""
    ask(page, "品牌和内容运营有什么区别？")
    page.locator(".thumbs button").nth(1).click()
    expect(page.locator("input[name=reason]")).to_be_visible()
    ask(page, "运营")


def paste(page: Page) -> None:
    """A verdict."""
    page.fill("textarea[name=text]", POSTING)
    page.locator("textarea[name=text]").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".asking")).to_be_visible()


def lint(page: Page) -> None:
    """Findings."""
    page.fill("textarea[name=text]", LINT)
    page.click("main form button[value=check]")
    expect(page.locator(".findings")).to_be_visible()


def mistype(page: Page) -> None:
    """A wrong password."""
    sign_in(page, "nobody", "nothing")
    expect(page.locator(".notice[role=alert]")).to_be_visible()


def unfold(page: Page) -> None:
    """Everything that is folded away."""
    page.evaluate("document.querySelectorAll('main details').forEach(e => { e.open = true })")


@dataclass(frozen=True)
class Place:
    """A page to look at."""

    path: str
    arrive: Callable[[Page], None] | None = None
    """What is done there first."""
    status: int = 200


def narrow(page: Page) -> None:
    """320 pixels, which is also 640 at 200 %: nothing is cut off or scrolls sideways."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert too_wide(page) == []
    page.set_viewport_size(before)


def begin(page: Page) -> None:
    """The first page, before anything is asked."""
    expect(page.locator(".hero")).to_be_visible()
    narrow(page)


PLACES = {
    "first": Place("/chats/new", begin),
    "talks": Place("/chats?q=brand", narrow),
    "row": Place("/posting/jobs/{job}/rows/2", narrow),
    "row-broken": Place("/posting/jobs/{job}/rows/3", narrow),
    "look": Place("/posting/jobs/{job}?show=look", narrow),
    "step": Place("/knowledge/cycle?step=3", narrow),
    "nothing": Place("/knowledge?q=zzzxqj", narrow),
    "chat": Place("/", talk),
    "posting": Place("/posting", unfold),
    "verdict": Place("/posting", paste),
    "batch": Place("/posting/jobs/{job}"),
    "checklists": Place("/checklists"),
    "need": Place("/checklists?need=大促前要检查什么"),
    "run": Place("/checklists/{run}", unfold),
    "ordered": Place("/checklists/{ordered}"),
    "closing": Place("/checklists/{run}/close", narrow),
    "nobody": Place("/checklists/{run}?show=nobody", narrow),
    "closed": Place("/checklists/{closed}", unfold),
    "lint": Place("/checklists/lint", lint),
    "start": Place("/checklists/start?checklist=checklist.campaign", narrow),
    "copy": Place("/checklists/copy?checklist=checklist.campaign", narrow),
    "own": Place("/checklists/own/{own}", narrow),
    "reminders": Place("/account/reminders", narrow),
    "reminders-off": Place("/reminders/off/{off}", narrow),
    "shared": Place("/answers/{shared}", narrow),
    "people": Place("/people", narrow),
    "person": Place("/people/{person}", narrow),
    "invite": Place("/invite/{invite}", narrow),
    "status": Place("/people/status", narrow),
    "knowledge": Place("/knowledge"),
    "kind": Place("/knowledge?kind=metric"),
    "search": Place("/knowledge?q=品牌"),
    "compare": Place("/knowledge/compare?of=role.brand,role.product_operations"),
    "compare-one": Place("/knowledge/compare?of=role.brand", status=422),
    "cycle": Place("/knowledge/cycle"),
    "entry": Place("/knowledge/role.content_operations"),
    "insights": Place("/insights"),
    "cluster": Place("/insights/clusters/{cluster}"),
    "edits": Place("/edit", narrow),
    "new-entry": Place("/edit/new?kind=role", narrow),
    "no-overlay": Place("/edit/entry/role.brand", narrow, status=404),
    "proposal": Place("/insights/proposals/{proposal}"),
    "account": Place("/account"),
    "api": Place("/api/docs"),
    "missing": Place("/nothing/here", status=404),
}
ELSEWHERE = {
    "/sign-in": "test_pages_before_signing_in_are_for_everyone",
    "/account/access": "test_admin_pages_are_for_everyone",
    "/edit/changes/{id_}": "test_editing_is_open_to_everybody",
    "/edit/entry/{id_}": "test_editing_is_open_to_everybody",
}
"""Pages that are looked at by other tests: they are for people with a password."""
NO_PAGES = {
    "/account/data", "/calendar/{secret}.ics", "/chats/export", "/healthz", "/metrics",
    "/checklists/start/late", "/checklists/{id_}/changes", "/checklists/{id_}/export.{form}",
    "/edit/entries", "/edit/sections", "/insights/proposals/{token}/patch",
    "/knowledge/cycle.svg", "/knowledge/suggest",
    "/knowledge/{id_}/kpis.{form}", "/posting/jobs/{id_}/{form}",
}  # fmt: skip
"""What is fetched and is no page: files, pictures, pieces of pages, words for machines."""
SCREENS = {
    "zh": ((PHONE, False), (DESKTOP, True)),
    "en": ((PHONE, True), (DESKTOP, False)),
    "ja": ((PHONE, False),),
    "ko": ((DESKTOP, True),),
}
"""On which screens, light or dark, a page is looked at in each language; together on all."""


@dataclass(frozen=True)
class Reader:
    """Someone who reads one language and goes from page to page, which is quicker than coming."""

    language: str
    page: Page
    visits: Visits

    def complaints(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.visits.complaints[:] = list(self.visits.complaints), []
        return heard


@pytest.fixture(scope="module", params=LOCALES)
def reader(request, browser, server):
    """A reader of each language."""
    visits = Visits(browser)
    page = visits(server, language=request.param, expected=(404, 422))
    yield Reader(request.param, page, visits)
    visits.close()


@pytest.fixture(scope="module")
def furnished(server: Server) -> dict[str, str]:
    """What stands for the names in the paths: runs, a batch and a cluster, with all that shows."""
    found, store = server.app, server.app.store
    begun = [
        runs.start(store, found.book, LOCAL, f"checklist.{name}", "zh", "2020-06-18", "T")
        for name in ("campaign", "crisis_response", "content_plan")
    ]
    run, ordered, closed = begun
    runs.assign(store, LOCAL, run, {"role.event_operations": "Chen"})
    runs.mark(store, LOCAL, run, "0.0", "done", "at last")
    runs.mark(store, LOCAL, run, "0.1", "na", "no budget")
    runs.mark(store, LOCAL, ordered, "0.0", "done")
    checklist = runs.template(found.book, "checklist.content_plan", "zh")
    for p, point in enumerate(checklist.pause_points):
        for i in range(len(point.items)):
            runs.mark(store, LOCAL, closed, f"{p}.{i}", "done")
    runs.close(store, LOCAL, closed)
    with server.client() as client:
        for question in ("what is a zebra", "zebra?"):
            client.post("/api/ask", json={"question": question})
    store.feedback.add_question("what is a zebra", "en", "decline", ["role.brand"], 0.1, "1")
    cluster = store.feedback.questions()[0].id
    change = Change("role.brand", "alias", "zebra", "en")
    trial = Trial((), (), (Shift("zebra", "decline", "", "answer", "role.brand"),), 9)
    made = Proposal(change, "role.yaml", "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n", trial)
    kept = {"cluster": cluster, "newest": cluster, "made": proposed(made)}
    return {
        "run": run, "ordered": ordered, "closed": closed, "cluster": str(cluster),
        "proposal": store.tokens.issue(PURPOSE, kept, LOCAL.id), "job": batch(server),
        "own": own_templates.save(store, LOCAL, LINT, "Ours"), "shared": shared(server),
        "person": server.add("ada", "staff").id,
        "invite": store.tokens.issue(INVITE, {"roles": ["staff"], "name": "Zoe"}),
        "off": store.tokens.issue(OFF, {"person": LOCAL.id}),
    }  # fmt: skip


def shared(server: Server) -> str:
    """The secret of an answer that was handed on."""
    with server.client() as client:
        client.post("/chat", data={"text": "品牌和内容运营有什么区别？"})
        number = max(re.findall(r'id="f(\d+)"', client.get("/").text), key=int)
        return client.post(f"/share/{number}").headers["location"].rpartition("/")[2]


def batch(server: Server) -> str:
    """The id of a batch that is done, with postings that mix, disagree and cannot be read."""
    rows = [
        "职位名称,职位描述,编号", "内容运营专员,负责公众号内容的选题策划、撰写和排版,1",
        "内容运营,开发新客户；电话邀约；完成销售指标；跟进签约和回款,2", ",,3",
    ]  # fmt: skip
    with server.client() as client:
        files = {"files": ("jobs.csv", "\n".join(rows).encode(), "text/csv")}
        sent = client.post("/posting", files=files)
    id_ = sent.headers["location"].rpartition("/")[2]
    until(lambda: server.app.store.jobs.get(id_).status == "done", "the batch is not done")
    return id_


def looked_at(page: Page, language: str) -> list[str]:
    """What is wrong with a page on the screens of that language, and on a phone in any case."""
    first, *others = SCREENS[language]
    resize(page, PHONE, first[1])
    wrong = too_wide(page) + too_small(page)
    resize(page, *first)
    wrong += barriers(page) + too_wide(page) + KEY.findall(page.locator("body").inner_text())
    for screen in others:
        resize(page, *screen)
        wrong += barriers(page, *BY_LOOKS) + too_wide(page)
    return wrong


@pytest.mark.parametrize("name", PLACES)
def test_pages_are_for_everyone(reader, furnished, name):
    """No barrier, no scrolling sideways, nothing too small for a finger, no missing sentence."""
    place, page = PLACES[name], reader.page
    resize(page, PHONE, dark=False)
    answer = page.goto(place.path.format(**furnished))
    assert answer.status == place.status
    if place.arrive:
        place.arrive(page)
    assert page.title()
    assert page.locator("html").get_attribute("lang") == reader.language
    assert looked_at(page, reader.language) == []
    assert reader.complaints() == []


def address_of(path: str, addresses: set[str]) -> str | None:
    """The address that serves the path: of those that fit, the one with the fewest blanks."""
    fit = [
        one
        for one in addresses
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(one)), path)
    ]
    return min(fit, key=lambda one: one.count("{"), default=None)


def test_pages_are_all_looked_at():
    """Every address that gives a page is among those above; a new one has to be added."""
    addresses = {
        route.path
        for router in (operation.router, *pages.ROUTERS)
        for route in router.routes
        if "GET" in route.methods
    }
    seen = {address_of(place.path.partition("?")[0], addresses) for place in PLACES.values()}
    assert addresses - NO_PAGES - set(ELSEWHERE) - seen == set()
    assert NO_PAGES | set(ELSEWHERE) <= addresses


@pytest.mark.parametrize("language", LOCALES)
def test_pages_before_signing_in_are_for_everyone(visit, password_server, language):
    """The page that asks who one is, with what is wrong, has no barriers either."""
    page = visit(password_server, "/sign-in", language=language, size=PHONE, expected=(401,))
    mistype(page)
    assert looked_at(page, language) == []


def test_pages_show_the_whole_menu_on_a_phone(reader):
    """No entry of the menu is out of sight, however long its name."""
    resize(reader.page, PHONE, dark=False)
    reader.page.goto("/")
    for entry in reader.page.locator(".top > a, .top nav a, .corner summary").all():
        expect(entry).to_be_in_viewport(ratio=1)


def test_pages_are_skipped_to_by_keyboard(visit, server):
    """The first press of Tab offers to skip the menu, and does."""
    page = visit(server, "/knowledge")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize(
    ("html", "check"),
    [
        pytest.param("<p style='color:#bbb'>pale</p>", barriers, id="contrast"),
        pytest.param("<img src='/static/icon.svg'>", barriers, id="image"),
        pytest.param("<p style='width:3000px'>wide</p>", too_wide, id="wide"),
        pytest.param(
            "<button style='min-height:0;padding:0'>small</button>", too_small, id="small"
        ),
    ],
)
def test_pages_that_are_wrong_are_seen(visit, server, html, check):
    """The checks of this file find what they look for."""
    page = visit(server, "/knowledge", size=PHONE)
    page.evaluate("html => { document.querySelector('#main').innerHTML = html; }", html)
    # The policy of our pages forbids such styles; here they are set as a script may.
    page.evaluate(
        "() => { const e = document.querySelector('#main').firstChild;"
        " if (e.getAttribute('style')) e.style.cssText = e.getAttribute('style'); }"
    )
    assert check(page) != []
    visit.complaints.clear()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param("console.error('oops')", "console: oops", id="console"),
        pytest.param("setTimeout(() => { throw new Error('oops') })", "error: ", id="error"),
        pytest.param("document.body.innerHTML = '<p style=\"top:0\">'", "console: ", id="policy"),
        pytest.param("fetch('/nothing')", "404 for ", id="status"),
    ],
)
def test_pages_that_complain_are_heard(visit: Visits, server, script, told):
    """The watch over every page of these tests hears what it listens for."""
    page = visit(server)
    page.evaluate(f"() => {{ {script} }}")
    until(lambda: page.title() and visit.complaints, "nothing was heard")
    assert visit.complaints[0].startswith(told)
    visit.complaints.clear()


def test_pages_without_a_browser_say_what_is_missing(monkeypatch):
    """Where there is no Chromium, the reason names what was looked for."""
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(NoBrowser, match=r"\$CHROMIUM is /nowhere/chromium"):
        find()
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoBrowser, match="google-chrome"):
        find()


def test_a_page_of_another_site_can_make_a_browser_do_nothing_here(visit, server):
    """A real browser says where a form comes from, whatever the page around it tries."""
    page = visit(server, expected=(403,))
    ask(page, "品牌")
    kept = len(server.app.store.runs.all())
    # Another port of the same machine: cookies do not tell ports apart, and go along.
    with other_site(server.url) as url:
        page.goto(url)
        page.get_by_role("button", name="Win a prize").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url.startswith(server.url)
    expect(page.get_by_text("did not come from our page")).to_be_visible()
    assert len(server.app.store.runs.all()) == kept
    visit.complaints.clear()  # that a page went elsewhere is no surprise here


@contextlib.contextmanager
def other_site(target):
    """A server on another port whose page holds a form that starts a checklist at *target*."""
    form = (
        f'<form method="post" action="{target}/checklists/start">'
        '<input type="hidden" name="checklist" value="checklist.campaign">'
        "<button>Win a prize</button></form>"
    )

    class Bait(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(form.encode() if self.path == "/" else b"")

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Bait) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()
        thread.join()
