"""Checklists on the web, as HTTP: with and without a script, alone and by two people at once."""

from __future__ import annotations

import html
import re

import pytest
from store_help import at_once
from web_server import form_of

HTMX = {"hx-request": "true"}
READ_DO = "checklist.crisis_response"


class Person:
    """Someone with a browser: pages, forms as a page shows them, and pieces as a script asks."""

    def __init__(self, client):
        self.client = client
        self.form = form_of(client, "/checklists")

    def get(self, path, **more):
        """A page."""
        return self.client.get(path, **more)

    def post(self, path, **fields):
        """A form, sent without a script."""
        return self.client.post(path, data={"form": self.form, **fields})

    def piece(self, path, **fields):
        """The same form, sent by a script."""
        return self.client.post(path, data={"form": self.form, **fields}, headers=HTMX)

    def begin(self, checklist="checklist.campaign", **fields):
        """A new run; its address."""
        answer = self.post("/checklists/start", checklist=checklist, **fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


@pytest.fixture
def me(server):
    """Someone at this machine, where nobody has to sign in."""
    with server.client() as client:
        yield Person(client)


@pytest.fixture
def people(password_server):
    """Two of the staff and a manager, signed in."""
    with (
        password_server.signed_in("Ann", "staff") as ann,
        password_server.signed_in("Bob", "staff") as bob,
        password_server.signed_in("Max", "manager") as boss,
    ):
        yield Person(ann), Person(bob), Person(boss)


def told(answer):
    """The sentences that are alerts."""
    return [html.unescape(text) for text in re.findall(r'role="alert">([^<]+)<', answer.text)]


def shown(answer):
    """id -> classes of every item in a page or piece."""
    return dict(re.findall(r'<li id="(i[\d-]+)" class="item ([^"]+)"', answer.text))


def since(answer):
    """The number of events the page knows."""
    return int(re.search(r'name="since" value="(\d+)"', answer.text)[1])


def test_checklists_list_what_there_is(me, book):
    """Every checklist can be begun from the page; a new run shows its progress there."""
    page = me.get("/checklists")
    for id_ in book.base.ids("checklist"):
        assert f'name="checklist" value="{id_}"' in page.text
    run = me.begin(title="Anniversary <2026>", anchor="2036-06-18")
    page = " ".join(me.get("/checklists").text.split())
    assert f'href="{run}">Anniversary &lt;2026&gt;</a>' in page
    points = book.base.entry("checklist.campaign", "en").pause_points
    killers = sum(item.killer for point in points for item in point.items)
    assert f"0 of 25 settled · T = 2036-06-18 · {killers} must-pass items open" in page


def test_checklists_find_by_need(me):
    """A need in words brings the list that fits to the top, open; nonsense is told."""
    page = me.get("/checklists", params={"need": "before a promotion goes live"}).text
    assert re.search(
        r'<details class="fold card begin" open>\s*<summary>.*Campaign checklist', page
    )
    page = me.get("/checklists", params={"need": "how do I bake bread"}).text
    assert "No list fits" in page


def test_checklists_start_from_the_chat(me):
    """The answer that shows a checklist offers to begin it; other answers do not."""
    offer = 'action="/checklists/start"'
    asked = me.piece("/chat", text="促销活动上线前要检查什么？")
    assert offer in asked.text
    assert 'name="checklist" value="checklist.campaign"' in asked.text
    assert 'name="language" value="zh"' in asked.text
    assert offer not in me.piece("/chat", text="什么是公关").text
    assert offer in me.get("/").text, "the button is still there when the page is opened again"
    run = me.begin(language="zh")
    assert "核对营销日历" in me.get(run).text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"checklist": "checklist.nope"}, 404, id="unknown"),
        pytest.param({"checklist": "role.brand"}, 404, id="no checklist"),
        pytest.param({"checklist": "checklist.campaign", "anchor": "soon"}, 422, id="no date"),
        pytest.param({"checklist": "checklist.campaign", "title": "x" * 121}, 422, id="long"),
    ],
)
def test_checklists_start_says_what_is_wrong(me, fields, status):
    """A start that cannot be is a clear page with the fitting status."""
    answer = me.post("/checklists/start", **fields)
    assert answer.status_code == status
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "path", ["start", "lint", "RUN/mark", "RUN/close", "RUN/reopen", "RUN/assign", "RUN/repeat"]
)
def test_checklists_forms_are_our_own(me, path):
    """No form is taken from a page of another site."""
    run = me.begin()
    where = "/checklists/" + path.replace("RUN", run.rpartition("/")[2])
    fields = {"item": "0.0", "state": "done", "text": "x", "checklist": "checklist.campaign"}
    elsewhere = {"sec-fetch-site": "cross-site"}
    answer = me.client.post(where, data=fields, headers=elsewhere)
    assert answer.status_code == 403
    assert shown(me.get(run))["i0-0"] == "open"


def test_run_shows_what_is_to_be_done(me):
    """Sections with caller, items with standard, killer, date, owner; the mode; export links."""
    run = me.begin(anchor="2030-06-18")
    page = me.get(run).text
    for words in (
        "Before the brief (check run by Campaign owner)",
        "done when: It reads “move this figure",
        '<span class="tag killer">must pass</span>',
        "2030-05-19 (30 days before)",
        '<span class="tag">Event operations</span>',
        "do, then confirm one by one",
        f'href="{run}/export.ics"',
    ):
        assert words in html.unescape(page)


def test_run_ticks_without_a_script(me):
    """A form comes back to the item; the tick says who and when, the history too."""
    run = me.begin()
    answer = me.post(f"{run}/mark", item="0.3", state="done", seen=0)
    assert answer.headers["location"] == f"{run}#i0-3"
    page = me.get(run)
    assert shown(page)["i0-3"] == "done"
    assert re.search(r"done · local · \d{4}-\d\d-\d\d \d\d:\d\d", page.text)
    assert re.search(r"local · ticked · Have brand judge", page.text)
    me.post(f"{run}/mark", item="0.3", state="open", seen=1)
    assert shown(me.get(run))["i0-3"] == "open"


def test_run_not_applicable_needs_a_reason(me):
    """Without one it is refused and said; with one it stands below the item."""
    run = me.begin()
    answer = me.post(f"{run}/mark", item="0.3", state="na", seen=0, noted="true", note=" ")
    assert answer.status_code == 422
    assert "reason" in told(answer)[-1]
    assert shown(answer)["i0-3"] == "open"
    me.post(f"{run}/mark", item="0.3", state="na", seen=0, noted="true", note="<b>no brand</b>")
    page = me.get(run)
    assert shown(page)["i0-3"] == "na"
    assert "&lt;b&gt;no brand&lt;/b&gt;" in page.text


def test_run_notes_can_be_written_and_taken_away(me):
    """A note of its own keeps the state; an empty one removes it; a tick keeps it."""
    run = me.begin()
    me.post(f"{run}/mark", item="0.0", state="open", noted="true", note="ask Li")
    me.post(f"{run}/mark", item="0.0", state="done")
    page = me.get(run)
    assert '<p class="remark" translate="no">ask Li</p>' in page.text
    assert "changed the note" in page.text
    me.post(f"{run}/mark", item="0.0", state="done", noted="true", note="")
    page = me.get(run)
    assert '<p class="remark"' not in page.text
    assert shown(page)["i0-0"] == "done"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"item": "9.9", "state": "done"}, 404, id="no such item"),
        pytest.param({"item": "0.0", "state": "late"}, 404, id="no such state"),
        pytest.param({"item": "0.0"}, 422, id="no state"),
        pytest.param({"item": "0.0", "state": "done", "seen": "-1"}, 422, id="seen below 0"),
        pytest.param({"item": "0.0", "state": "done", "seen": "x"}, 422, id="seen is no number"),
        pytest.param({"item": "0.0", "state": "done", "noted": "true", "note": "x" * 501}, 422,
                     id="long note"),
    ],
)  # fmt: skip
def test_run_mark_says_what_is_wrong(me, fields, status):
    """A mark that cannot be is refused with or without a script, and nothing is kept."""
    run = me.begin()
    assert me.post(f"{run}/mark", **fields).status_code == status
    assert me.piece(f"{run}/mark", **fields).status_code == status
    assert shown(me.get(run))["i0-0"] == "open"


def test_run_pieces_hold_only_what_changed(me):
    """By script a tick brings the new item, the counts and the history, and no other item."""
    run = me.begin()
    known = since(me.get(run))
    answer = me.piece(f"{run}/mark", item="0.3", state="done", seen=0, since=known)
    assert answer.status_code == 200
    assert shown(answer) == {"i0-3": "done"}
    assert "1 of 25 settled" in answer.text
    assert since(answer) == known + 1
    nothing = me.get(f"{run}/changes", params={"since": known + 1}, headers=HTMX)
    assert (nothing.status_code, nothing.text) == (204, "")
    again = me.get(f"{run}/changes", params={"since": known}, headers=HTMX)
    assert shown(again) == {"i0-3": "done"}


def test_run_read_do_shows_the_next_one(me):
    """Only the next item can be ticked; ticking it opens the one after, by script too."""
    run = me.begin(READ_DO)
    page = me.get(run)
    items = list(shown(page).values())
    assert items[0] == "open current"
    assert set(items[1:]) == {"open later"}
    assert page.text.count('class="tick" id=') == 1
    early = me.post(f"{run}/mark", item="0.1", state="done")
    assert early.status_code == 422
    assert "in order" in told(early)[-1]
    answer = me.piece(f"{run}/mark", item="0.0", state="done", seen=0, since=since(page))
    assert shown(answer)["i0-0"] == "done"
    assert shown(answer)["i0-1"] == "open current"


def test_run_closing_names_the_gates_and_reopens(me):
    """Refused with the open killer items named; then closed, without forms, and open again."""
    run = me.begin()
    refused = me.post(f"{run}/close")
    assert refused.status_code == 409
    assert "Hold the review" in refused.text
    page = me.get(run)
    for item in re.findall(r'<li id="i(\d+-\d+)"(?:(?!</li>).)*?tag killer', page.text, re.DOTALL):
        me.post(f"{run}/mark", item=item.replace("-", "."), state="done")
    assert me.post(f"{run}/close", sure="true").status_code == 303
    page = me.get(run)
    assert "Closed by local" in page.text
    assert 'class="tick" id=' not in page.text
    late = me.post(f"{run}/mark", item="0.1", state="done")
    assert late.status_code == 409
    assert "has just been closed" in told(late)[-1]
    assert me.post(f"{run}/close").status_code == 409
    assert me.post(f"{run}/reopen").status_code == 303
    assert me.post(f"{run}/mark", item="0.1", state="done").status_code == 303
    assert me.post(f"{run}/reopen").status_code == 409


def test_run_owners_and_date(me):
    """Set by role; a field that was not touched does not undo what others have set."""
    run = me.begin()
    roles = {"role": ["role.event_operations", "role.brand"], "was": ["", ""]}
    me.post(f"{run}/assign", **roles, holder=["Ann", ""], anchor="2030-06-18")
    page = me.get(run).text
    assert "Event operations (Ann)" in page
    assert "2030-05-19 (30 days before)" in page
    me.post(f"{run}/assign", **roles, holder=["", "Bob"], anchor="2030-06-18")
    page = me.get(run).text
    assert "Event operations (Ann)" in page
    assert "Brand (Bob)" in page
    wrong = me.post(f"{run}/assign", anchor="18.6.2030")
    assert wrong.status_code == 422
    assert "year-month-day" in told(wrong)[-1]


@pytest.mark.parametrize("newest", ["false", "true"])
def test_run_repeat(me, newest):
    """Another run of the same, with the owners, and nothing ticked."""
    run = me.begin(title="618")
    me.post(f"{run}/assign", role="role.brand", was="", holder="Bob", anchor="")
    me.post(f"{run}/mark", item="0.0", state="done")
    answer = me.post(f"{run}/repeat", newest=newest, anchor="2030-11-11")
    page = me.get(answer.headers["location"])
    assert answer.headers["location"] != run
    assert "T = 2030-11-11" in page.text
    assert "Brand (Bob)" in page.text
    assert set(shown(page).values()) == {"open"}


def test_run_exports(me):
    """Three files to take along; without dates there is no calendar, and that is said."""
    run = me.begin(anchor="2030-06-18")
    for form, media, start in (
        ("md", "text/markdown", b"# "),
        ("xlsx", "application/vnd.openxml", b"PK"),
        ("ics", "text/calendar", b"BEGIN:VCALENDAR"),
    ):
        answer = me.get(f"{run}/export.{form}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media)
        assert f'.{form}"' in answer.headers["content-disposition"]
        assert answer.content.startswith(start)
    assert me.get(f"{run}/export.exe").status_code == 404
    undated = me.get(f"{me.begin()}/export.ics")
    assert undated.status_code == 409
    assert "date T" in told(undated)[-1]


@pytest.mark.parametrize("path", ["", "/changes", "/export.md"])
def test_run_that_is_not_there(me, path):
    """An unknown run is a clear 404 everywhere."""
    assert me.get(f"/checklists/000000000000{path}").status_code == 404


def test_lint_page_shows_each_finding(me):
    """What is pasted comes back with the findings, escaped; what is fine is called fine."""
    text = "- [ ] 目标明确 </textarea><b>\n- [ ] 尽快联系"
    answer = me.post("/checklists/lint", text=text)
    assert answer.status_code == 200
    assert answer.text.count('class="warning"') == 4
    assert "</textarea><b>" not in answer.text
    assert "Line 2" in answer.text
    fine = me.post("/checklists/lint", text="- [ ] 定预算\n  - 完成标准：签字")
    assert "No problems found" in fine.text
    assert me.get("/checklists/lint").status_code == 200


def test_two_people_see_each_other(people):
    """What one ticks, the other is told about at the next question; a conflict shows the newest."""
    ann, bob, _ = people
    run = ann.begin()
    known = since(bob.get(run))
    ann.piece(f"{run}/mark", item="0.0", state="done", seen=0, since=known)
    ann.piece(f"{run}/mark", item="0.2", state="na", seen=0, noted="true", note="no clash")
    seen = bob.get(f"{run}/changes", params={"since": known}, headers=HTMX)
    assert shown(seen) == {"i0-0": "done", "i0-2": "na"}
    assert "no clash" in seen.text
    ann.piece(f"{run}/mark", item="0.1", state="na", seen=0, noted="true", note="all")
    late = bob.piece(f"{run}/mark", item="0.1", state="done", seen=0, since=since(seen))
    assert late.status_code == 409
    assert "Somebody else" in told(late)[0]
    assert shown(late) == {"i0-1": "na"}
    plain = bob.post(f"{run}/mark", item="0.1", state="done", seen=0)
    assert plain.status_code == 409
    assert shown(plain)["i0-1"] == "na"
    assert re.search(r"done · Ann", bob.get(run).text)


def test_two_people_at_once_lose_nothing(people):
    """Ticks at the same moment are all kept; of two on one item exactly one is refused."""
    ann, bob, _ = people
    run = ann.begin()
    calls = [
        lambda i=i: ann.piece(f"{run}/mark", item=f"0.{i}", state="done", seen=0) for i in (0, 1, 2)
    ]
    calls += [
        lambda i=i: bob.piece(f"{run}/mark", item=f"1.{i}", state="done", seen=0) for i in (0, 1, 2)
    ]
    calls += [
        lambda: ann.piece(f"{run}/mark", item="2.0", state="done", seen=0),
        lambda: bob.piece(f"{run}/mark", item="2.0", state="na", seen=0, noted="true", note="x"),
    ]
    codes = [answer.status_code for answer in at_once(calls)]
    assert codes[:6] == [200] * 6
    assert sorted(codes[6:]) == [200, 409]
    page = bob.get(run)
    assert "7 of 25 settled" in page.text


def test_a_closed_run_reaches_those_who_look_at_it(people):
    """When somebody closes a run, the pages of the others lose their forms."""
    ann, bob, _ = people
    run = ann.begin()
    page = bob.get(run)
    for item in re.findall(r'<li id="i(\d+-\d+)"(?:(?!</li>).)*?tag killer', page.text, re.DOTALL):
        ann.post(f"{run}/mark", item=item.replace("-", "."), state="done")
    known = since(bob.get(run))
    ann.post(f"{run}/close", sure="true")
    seen = bob.get(f"{run}/changes", params={"since": known}, headers=HTMX)
    assert len(shown(seen)) == 25
    assert 'class="tick" id=' not in seen.text
    assert "Closed by Ann" in seen.text


def test_who_may_lead_a_run(people):
    """Others' runs: staff tick but do not assign or close; a manager does; one's own always."""
    ann, bob, boss = people
    run = ann.begin()
    for person, leads in ((ann, True), (bob, False), (boss, True)):
        page = person.get(run).text
        assert (f'action="{run}/close"' in page) is leads
        assert (f'action="{run}/assign"' in page) is leads
    assert bob.post(f"{run}/mark", item="0.0", state="done").status_code == 303
    refused = bob.post(f"{run}/assign", anchor="2030-01-01")
    assert "manager" in told(refused)[-1]
    assert "T = 2030-01-01" not in bob.get(run).text
    assert boss.post(f"{run}/assign", anchor="2030-01-01").status_code == 303
    assert "manager" in told(bob.post(f"{run}/close"))[-1]


def test_strangers_are_asked_to_sign_in(password_server):
    """Nobody sees a run without signing in."""
    with password_server.client() as client:
        for path in ("/checklists", "/checklists/lint", "/checklists/000000000000"):
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in")
        assert client.get("/checklists/000000000000/changes", headers=HTMX).status_code == 401


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_checklists_speak_every_language(me, language):
    """Each page in each language, without a missing sentence."""
    run = me.begin(READ_DO, language=language)
    for path in ("/checklists", "/checklists/lint", run):
        answer = me.get(path, headers={"accept-language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
