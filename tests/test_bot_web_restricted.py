"""An entry for some roles alone: for everyone else there is no such entry, on any way to it."""

from __future__ import annotations

import dataclasses

import pytest
import small_content
from web_server import form_of, serving

from bot.reload import ContentReloader
from bot.texts import say

SALARY = """\
id: concept.salary_band
title: 薪资带宽
aliases: [宽带薪酬]
restricted_to: [hr]
origin: ours
summary: 薪资带宽是一个职级的最低与最高薪资之间的范围。
definition: 一个职级的最低与最高薪资之间的范围。
points: [按职级划分]
examples:
  - 薪资带宽是什么
  - 什么叫薪资带宽
near_misses:
  - 今天天气怎么样
"""
LAYOFF = """\
id: checklist.layoff
title: 裁撤门店检查清单
restricted_to: [manager]
origin: ours
summary: 关店前逐项核对的清单。
mode: do_confirm
pause_points:
  - name: 关店前
    caller: 店长
    items:
      - text: 核对租约
        done_when: 租约的到期日已抄下
examples:
  - 裁撤门店检查清单
  - 关店前要核对什么
near_misses:
  - 今天天气怎么样
"""
ASKED = {"question": "薪资带宽是什么", "lang": "zh"}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server over content in which one concept is for HR and one checklist for managers."""
    folder = tmp_path_factory.mktemp("restricted")
    root = small_content.write(folder / "knowledge")
    small_content.put(root / "concepts/salary_band.yaml", SALARY)
    small_content.put(root / "checklists/layoff.yaml", LAYOFF)
    with serving(folder, ContentReloader(root), auth="password") as found:
        yield found


@pytest.fixture
def api(running):
    """Calls the API as somebody with one role."""
    with running.client() as client:

        def call(role, method, path, **sent):
            headers = running.bearer(f"the {role}", role)
            return client.request(method, f"/api{path}", headers=headers, **sent)

        yield call


@pytest.mark.parametrize(("role", "band"), [("hr", "answer"), ("admin", "answer")])
def test_restricted_entries_answer_those_they_are_for(api, role, band):
    """HR and administrators are told."""
    told = api(role, "POST", "/ask", json=ASKED).json()
    assert (told["band"], told["entry"]) == (band, "concept.salary_band")


@pytest.mark.parametrize("role", ["staff", "manager", "editor"])
def test_restricted_entries_are_absent_for_others(api, role):
    """Not in an answer, a suggestion, a list, a search, on a page or under a thumb."""
    told = api(role, "POST", "/ask", json=ASKED)
    assert told.json()["band"] == "decline"
    assert "salary_band" not in told.text and "薪资带宽" not in told.json()["text"]
    assert "salary_band" not in api(role, "GET", "/entries").text
    missing = api(role, "GET", "/entries/concept.salary_band")
    never = api(role, "GET", "/entries/concept.never_was")
    assert (missing.status_code, missing.json()) == (404, never.json())
    thumb = {"question": "x", "entry": "concept.salary_band", "good": True}
    assert api(role, "POST", "/feedback", json=thumb).status_code == 404


def test_restricted_entries_leave_no_trace_in_the_version(running):
    """Who may not see an entry has the version of a content in which it never was."""
    live = running.app.content
    staff, hr, all_ = (live.seen_by((role,)) for role in ("staff", "hr", "admin"))
    assert len({staff.version, hr.version, all_.version}) == 3
    assert live.seen_by(("staff",)) is staff and live.seen_by(("hr", "manager")) is all_


def test_restricted_entries_are_absent_from_pages(running):
    """Neither the list of the knowledge nor the page of the entry gives it away."""
    with running.signed_in("Sue", "staff") as sue, running.signed_in("Hal", "hr") as hal:
        for path in ("/knowledge?kind=concept", "/knowledge?q=薪资带宽"):
            assert "concept.salary_band" in hal.get(path).text
            assert "concept.salary_band" not in sue.get(path).text
        assert hal.get("/knowledge/concept.salary_band").status_code == 200
        assert sue.get("/knowledge/concept.salary_band").status_code == 404


def test_a_talk_forgets_what_has_become_absent(running):
    """Someone who loses a role is told nothing more about what they were shown with it."""
    with running.signed_in("Ria", "hr") as ria:
        form = form_of(ria)
        ria.post("/chat", data={"form": form, "text": ASKED["question"]})
        assert "薪资带宽" in ria.get("/").text
    people = running.app.store.people
    people.change("Ria", roles=("staff",))
    with running.signed_in("Ria", "staff") as ria:
        answer = ria.post("/chat", data={"form": form_of(ria), "text": "依据是什么"})
        assert answer.status_code == 303
        assert "职级的最低与最高" not in ria.get("/").text.rpartition("依据是什么")[2]


def test_old_answers_are_absent_once_a_role_is_lost(running):
    """In an old chat and in one's own data, whatever kind of reply named the entry."""
    asked = (ASKED["question"], "薪资带宽和优惠券有什么区别", "宽带薪酬", "谢谢")
    with running.signed_in("Rob", "hr") as rob:
        for text in asked:
            rob.post("/chat", data={"text": text})
        rob.post("/feedback/1", data={"good": "true"})
        assert "职级的最低与最高" in rob.get("/").text
        assert "salary_band" in rob.get("/account/data").text
    running.app.store.people.change("Rob", roles=("staff",))
    with running.signed_in("Rob", "staff") as rob:
        page, data = rob.get("/"), rob.get("/account/data")
    for text in (page.text, data.text):
        assert "salary_band" not in text
        assert "职级的最低与最高" not in text
    assert say("zh", "web.chat.withheld") in page.text
    kept = data.json()["messages"]
    assert [one["asked"] for one in kept] == list(asked)
    assert kept[0]["reply"] == {"withheld": True}
    assert "withheld" not in kept[-1]["reply"]


def test_restricted_checklists_have_runs_for_the_same_people(api):
    """A run is where its checklist is: a manager works through it, for staff there is none."""
    begun = api("manager", "POST", "/checklists/runs", json={"checklist": "checklist.layoff"})
    assert begun.status_code == 201, begun.text
    run = begun.json()["id"]
    assert api("manager", "GET", f"/checklists/runs/{run}").status_code == 200
    assert run in api("manager", "GET", "/checklists/runs").text
    assert run not in api("staff", "GET", "/checklists/runs").text
    asks = [
        ("POST", "/checklists/runs", {"checklist": "checklist.layoff"}),
        ("GET", f"/checklists/runs/{run}", None),
        ("POST", f"/checklists/runs/{run}/marks", {"item": "0.0", "state": "done"}),
        ("POST", f"/checklists/runs/{run}/close", {}),
        ("POST", f"/checklists/runs/{run}/assign", {"owners": {}}),
    ]
    for method, path, body in asks:
        assert api("staff", method, path, json=body).status_code == 404, path


def test_restricted_entries_come_and_go_with_the_content(tmp_path):
    """A reload that restricts an entry takes it from those who saw it a moment ago."""
    root = small_content.write(tmp_path / "knowledge")
    live = ContentReloader(root)
    assert "concept.coupon" in live.seen_by(("staff",)).base.languages
    path = root / "concepts/coupon.yaml"
    small_content.put(
        path, path.read_text("utf-8").replace("origin:", "restricted_to: [hr]\norigin:")
    )
    assert live.refresh() is None
    assert "concept.coupon" not in live.seen_by(("staff",)).base.languages
    assert "concept.coupon" in live.seen_by(("hr",)).base.languages


def test_person_without_roles_sees_what_is_for_everyone(running):
    """Nobody in particular sees the least."""
    book = running.app.content.seen_by(())
    assert book.base.hidden == {"concept.salary_band", "checklist.layoff"}
    assert dataclasses.is_dataclass(book.base.entry("concept.coupon"))


@pytest.fixture
def cluster(running):
    """The id of an open question."""
    feedback = running.app.store.feedback
    feedback.add_question("折扣码怎么用", "zh", "decline", [], 0.2, "v")
    yield min(question.id for question in feedback.questions())
    feedback.settle([question.id for question in feedback.questions()])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"kind": "example", "text": "薪资带宽是什么"}, id="its example"),
        pytest.param({"kind": "example", "text": "薪资带宽"}, id="its name as an example"),
        pytest.param({"kind": "alias", "text": "宽带薪酬"}, id="its alias"),
        pytest.param({"kind": "near_miss", "text": "什么叫薪资带宽"}, id="its example as a miss"),
        pytest.param({"kind": "alias", "text": "薪资带宽"}, id="its title"),
    ],
)
def test_restricted_entries_are_absent_from_trials(running, cluster, change):
    """A trial says that something fails, and to those who may not see it not what."""
    data = {"entry": "concept.coupon", "language": "zh", **change}
    for role, sees in (("editor", False), ("admin", True)):
        with running.signed_in(f"{role} who tries", role) as client:
            path = f"/insights/clusters/{cluster}/propose"
            done = client.post(path, data=data, follow_redirects=True)
            assert done.status_code == 200
            if not sees:
                assert "salary_band" not in done.text
                assert done.text.replace(change["text"], "").count("薪资带宽") == 0
            elif change["text"] in ("薪资带宽是什么", "宽带薪酬"):
                assert "salary_band" in done.text


def test_restricted_entries_are_absent_from_trials_once_a_role_is_lost(running, cluster):
    """The page of an old trial, opened later by somebody who lost the role."""
    data = {"entry": "concept.coupon", "kind": "alias", "text": "宽带薪酬", "language": "zh"}
    with running.signed_in("Eve", "admin") as eve:
        done = eve.post(f"/insights/clusters/{cluster}/propose", data=data)
        where = done.headers["location"]
        assert "salary_band" in eve.get(where).text
    running.app.store.people.change("Eve", roles=("editor",))
    with running.signed_in("Eve", "editor") as eve:
        told = eve.get(where)
        assert told.status_code == 200
        assert "salary_band" not in told.text
