"""Lists and runs as a manager meets them on the web: read, begun, counted, closed, paged."""

from __future__ import annotations

import dataclasses
import datetime
import html
import re

import pytest
from web_server import serving

from bot.runs import own_templates
from knowledge.engine.model import LANGUAGES

HTMX = {"hx-request": "true"}
NAMED = "1. Book the room (Anna)\n2. Send the newsletter (EDM)\n3. Call the press (Bob) T-3\n"
FEW = "- [ ] Book the room\n- [ ] Print it (must pass)\n- [ ] Call the press\n"
WIDE = 390_000
"""Bytes of a page that is too much for a phone."""


@pytest.fixture
def max_(password_server):
    """A manager with a browser."""
    with password_server.signed_in("Max", "manager") as client:
        yield client


def begun(client, text=FEW, **fields):
    """A run of a list that was pasted; its path."""
    answer = client.post("/checklists/lint", data={"text": text, "act": "begin", **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def mark(client, run, item, state="done", **more):
    """The piece of the page that comes back for a tick with a script."""
    fields = {"item": item, "state": state, "since": 0, **more}
    return client.post(f"{run}/mark", data=fields, headers=HTMX)


def chips(text):
    """Filter -> the number on it, of a page or a piece."""
    found = re.findall(r'(?:show=(\w+))?" title="[^"]*"[^>]*>[^<]+<span class="count">(\d+)', text)
    return {name or "all": int(count) for name, count in found}


def badge(text):
    """The number in the menu."""
    found = re.search(r'id="badge"[^>]*><span class="badge"[^>]*><span[^>]*>(\d+)', text)
    return int(found[1]) if found else 0


def words(answer):
    """What a page says, without its tags."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))


def test_lists_preview_says_what_was_read_and_takes_corrections(max_):
    """Owners and dates have labels, asides a button; what was decided stands in the text."""
    page = max_.post("/checklists/lint", data={"text": NAMED, "act": "check"})
    assert "Owner: Anna" in words(page)
    assert 'name="aside" value="Anna"' in page.text
    assert 'name="owner" value="EDM"' in page.text
    other = max_.post("/checklists/lint", data={"text": NAMED, "owner": "EDM"})
    assert "owners: EDM" in other.text
    assert "Owner: EDM" in words(other)
    text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", other.text, re.DOTALL)[1])
    run = max_.get(begun(max_, text))
    assert re.search(r'<span class="tag">EDM</span>', run.text)
    assert "Send the newsletter (EDM)" not in run.text


def test_lists_owner_who_is_known_is_theirs(password_server, max_):
    """Somebody of the server, named in brackets alone, has the item from the start."""
    with password_server.signed_in("Anna", "staff") as anna:
        run = begun(max_, "- Book the room (anna)\n- Print it\n")
        assert chips(anna.get(run).text)["mine"] == 1
        assert chips(max_.get(run).text)["mine"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_without_a_title_are_called_by_their_day(server, language):
    """Not what their first item says."""
    text = {
        "zh": "订场地\n印海报\n", "en": "Book the room\nPrint it\n",
        "ja": "会場を予約する\n印刷する\n", "ko": "장소 예약\n전단 인쇄\n",
    }[language]  # fmt: skip
    with server.client() as me:
        page = me.get(begun(me, text))
    title = html.unescape(re.search(r"<h1>([^<]+)</h1>", page.text)[1])
    assert datetime.date.today().isoformat() in title
    assert title.replace(datetime.date.today().isoformat(), "").strip()


def test_lists_copies_have_names_of_their_own(max_):
    """The first copy, and the second beside it; saving says so at the list."""
    where = "/checklists/copy?checklist=checklist.campaign"

    def copy():
        page = max_.get(where).text
        title = html.unescape(re.search(r'name="title"[^>]*value="([^"]*)"', page)[1])
        text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
        fields = {"text": text, "title": title, "act": "save", "once": title}
        saved = max_.post("/checklists/lint", data=fields, follow_redirects=True)
        assert re.search(rf'role="status">Saved: {re.escape(title)}<', saved.text)
        return title

    first, second = copy(), copy()
    assert first.endswith("(copy)")
    assert second.endswith("(copy 2)")


def test_lists_changed_ones_say_that_they_are_saved(max_, password_server):
    """After a change too; without one the page says nothing of the kind."""
    store = password_server.app.store
    id_ = own_templates.save(store, store.people.by_name("Max"), FEW, "Saved again")
    fields = {"text": FEW, "title": "Saved again", "seen": 0, "act": "save"}
    page = max_.post(f"/checklists/own/{id_}", data=fields, follow_redirects=True)
    assert 'role="status">Saved: Saved again<' in page.text
    assert "Saved:" not in max_.get("/checklists").text


def near():
    """A date T so near that what is due a week before it is late."""
    return (datetime.date.today() + datetime.timedelta(days=1)).isoformat()


def test_lists_late_at_the_start_is_told_before_it(max_):
    """The dialog names what is late; the same date once more begins it, another is looked at."""
    start = {"checklist": "checklist.campaign", "anchor": near(), "title": "Soon"}
    told = max_.post("/checklists/start", data=start)
    assert told.status_code == 200
    assert "late from the start" in words(told)
    assert f'name="sure" value="{near()}"' in told.text
    assert 'value="Soon"' in told.text
    piece = max_.get("/checklists/start/late", params=start)
    assert "<html" not in piece.text
    assert f'name="sure" value="{near()}"' in piece.text
    other = {**start, "sure": near(), "anchor": "2020-01-01"}
    assert max_.post("/checklists/start", data=other).status_code == 200
    assert max_.post("/checklists/start", data={**start, "sure": near()}).status_code == 303
    far = {**start, "anchor": "2090-01-01"}
    assert "late" not in max_.get("/checklists/start/late", params=far).text
    assert max_.post("/checklists/start", data=far).status_code == 303


def test_lists_pasted_and_repeated_ones_tell_what_is_late_too(max_):
    """A date in the text, and the date of what is begun again."""
    text = f"---\ndate: {near()}\n---\n- Book the room (T-7d)\n- Print it (T)\n"
    told = max_.post("/checklists/lint", data={"text": text, "act": "begin"})
    assert "late from the start (1)" in words(told)
    run = begun(max_, text, sure=near())
    again = {"newest": "false", "anchor": near()}
    asked = max_.post(f"{run}/repeat", data=again)
    assert asked.status_code == 200
    assert "late from the start" in words(asked)
    assert max_.post(f"{run}/repeat", data={**again, "sure": near()}).status_code == 303


def test_run_counts_are_right_after_every_tick(password_server, max_):
    """Chips and the number in the menu come with the piece, and go with the closing."""
    with password_server.signed_in("Tom", "staff") as tom:
        today = datetime.date.today()
        text = "- a (owner: Tom, T-1d)\n- b (owner: Tom, T)\n- c (T)\n- d\n"
        run = begun(tom, f"---\ndate: {today}\n---\n{text}", sure=today.isoformat())
        page = tom.get(run).text
        assert chips(page) == {"all": 4, "mine": 2, "nobody": 2, "due": 3, "late": 1}
        assert badge(page) == 3
        piece = mark(tom, run, "0.0").text
        assert chips(piece) == {"all": 4, "mine": 1, "nobody": 2, "due": 2, "late": 0}
        assert badge(piece) == 2
        piece = mark(tom, run, "0.0", "open").text
        assert chips(piece)["late"] == 1
        assert badge(piece) == 3
        assert tom.post(f"{run}/close", data={"sure": "true"}).status_code == 303
        assert badge(tom.get("/checklists").text) == 0
        listed = tom.get("/checklists?show=nobody")
        assert run not in listed.text


def test_run_of_others_counts_at_once_for_whom_it_is(password_server, max_):
    """Who is given an item sees it on the next page, whoever gave it."""
    with password_server.signed_in("Sue", "staff") as sue:
        assert badge(sue.get("/checklists").text) == 0
        text = "---\ndate: 2020-01-01\n---\n- a (owner: lead, T)\n"
        run = begun(max_, text, sure="2020-01-01")
        given = {"role": "lead", "was": "", "holder": "Sue", "anchor": "2020-01-01"}
        assert max_.post(f"{run}/assign", data=given).status_code == 303
        assert badge(sue.get("/checklists").text) == 1
        assert chips(sue.get(run).text)["mine"] == 1


def test_run_closing_asks_once_and_says_what_is_open(max_):
    """Items open are named; what must pass is named first and needs a reason, which is kept."""
    run = begun(max_, FEW.replace(" (must pass)", ""))
    mark(max_, run, "0.0")
    head = words(max_.get(run))
    assert "may be closed" not in head
    asked = max_.post(f"{run}/close")
    assert asked.status_code == 409
    assert "Print it" in words(asked)
    assert "Book the room" not in words(asked)
    assert 'name="why"' not in asked.text
    assert max_.post(f"{run}/close", data={"sure": "true"}).status_code == 303
    assert "Closed by Max" in words(max_.get(run))


def test_run_with_what_must_pass_is_closed_with_a_reason_alone(max_):
    """The reason stands in the history; without one nothing happens."""
    run = begun(max_)
    page = max_.get(f"{run}/close")
    assert page.status_code == 200
    assert words(page).index("Print it") < words(page).index("Book the room")
    refused = max_.post(f"{run}/close", data={"sure": "true", "why": " "})
    assert refused.status_code == 422
    assert "give a reason" in words(refused)
    done = max_.post(f"{run}/close", data={"sure": "true", "why": "The fair is off"})
    assert done.status_code == 303
    assert "closed · The fair is off" in words(max_.get(run))
    assert max_.get(f"{run}/close").status_code == 303


def test_run_that_is_settled_is_closed_at_once(max_):
    """Nothing is asked, and the page says that it may be closed."""
    run = begun(max_)
    for item in ("0.0", "0.1", "0.2"):
        piece = mark(max_, run, item)
    assert "All must-pass items are done; it may be closed" in words(piece)
    assert max_.post(f"{run}/close").status_code == 303


def test_run_must_pass_items_done_leave_others_open(max_):
    """The head says how many; a list without such items never speaks of them."""
    run = begun(max_)
    assert "must-pass items are done" not in words(mark(max_, run, "0.0"))
    assert "must-pass items are done; other items open: 1" in words(mark(max_, run, "0.1"))
    plain = begun(max_, FEW.replace(" (must pass)", ""))
    assert "must-pass" not in words(max_.get(plain)).partition("Owners and date")[0]


def test_run_comment_is_in_sight_after_it_was_added(max_):
    """On an item: its fold is open and says so; on the whole run as well."""
    run = begun(max_)
    fields = {"item": "0.1", "text": "Ask the printer"}
    page = max_.post(f"{run}/comment", data=fields, follow_redirects=True)
    item = re.search(r'<li id="i0-1".*?</li>\s*<li id="i0-2"', page.text, re.DOTALL)[0]
    assert re.search(
        r'<details class="more" open>.*Ask the printer.*role="status"', item, re.DOTALL
    )
    whole = max_.post(f"{run}/comment", data={"text": "Well done"}, follow_redirects=True)
    assert re.search(r'Well done.*role="status">Added', whole.text, re.DOTALL)


@pytest.fixture
def crowded(tmp_path, live):
    """A server of its own, for a test that fills it."""
    with serving(tmp_path, live, auth="password") as running:
        yield running


def through(client, where, name):
    """Every page of the list that turns by that name."""
    base = where.partition("?")[0]
    for _ in range(60):
        page = client.get(where)
        assert len(page.content) < WIDE
        yield page.text
        turns = map(html.unescape, re.findall(r'href="([^"]*)">(?:Older|Next)', page.text))
        following = [one for one in turns if re.search(rf"[?&]{name}=", one)]
        if not following:
            return
        where = base + following[0]
    raise AssertionError("there is no end")


def test_lists_with_hundreds_of_runs_are_paged(crowded):
    """500 closed runs and 150 in progress: each page is small, and every run is on one of them."""
    store = crowded.app.store
    store.people.add("Kim", ("manager",))
    frozen = dataclasses.asdict(own_templates.of_text(FEW, "Many", "x" * 12)[0][0])
    for number in range(650):
        id_ = f"m{number:011}"
        store.runs.start("own.many", f"Many {number}", "en", "own", frozen, "Kim", id_=id_)
        if number >= 150:
            store.runs.close(id_, "Kim")
    with crowded.signed_in("Max", "manager") as client:
        card = r'class="card run-card"><a href="/checklists/m(\d+)"'
        over = [
            one for text in through(client, "/checklists", "past") for one in re.findall(card, text)
        ]
        assert len({int(one) for one in over if int(one) >= 150}) == 500
        pages = through(client, "/checklists?show=nobody", "page")
        active = [one for text in pages for one in re.findall(card, text)]
        assert sorted(map(int, active)) == list(range(150))


def test_people_audit_edits_and_own_lists_are_paged(crowded):
    """Whatever there are many of: a page is small, and nothing is left out."""
    store = crowded.app.store
    for number in range(250):
        store.people.add(f"Person {number:03}", ("staff",))
        store.audit.note("Kim", "settle", f"Question {number:03}")
        own_templates.save(
            store, store.people.by_name("Person 000"), f"- [ ] a {number}\n", f"List {number:03}"
        )
    with crowded.signed_in("Max", "admin", "editor", "manager") as client:
        people = "".join(through(client, "/people", "at"))
        assert len(set(re.findall(r">(Person \d+)<", people))) == 250
        assert re.findall(r">(Person \d+)<", client.get("/people?q=son 07").text) == [
            f"Person 07{number}" for number in range(10)
        ]
        audit = "".join(through(client, "/people/status", "audit"))
        assert len(set(re.findall(r"Question \d+", audit))) == 250
        lists = "".join(through(client, "/checklists", "own"))
        assert len(set(re.findall(r">(List \d+)<", lists))) == 250
        assert client.get("/edit?at=3").status_code == 200
        assert client.get("/chats?at=3").status_code == 200
        assert client.get("/people?at=-1").status_code == 422
