"""Edits over HTTP: a line is taught, tried, applied and taken back; two editors, bad folders."""

from __future__ import annotations

import html
import re
import secrets
import shutil

import pytest
import small_content
from edit_help import Steady, passing_trials
from web_server import serving, until

from bot.editing import files, history
from bot.editing.refusal import EditRefused
from bot.texts import say
from knowledge.engine.model import KINDS, LANGUAGES

OPEN = ["折扣码是什么", "折扣码有什么用"]
ADDED = "knowledge/additions/zh/concepts/coupon.yaml"
FAQ = """\
id: faq.leave
title: 年假
origin: organization
summary: 年假按工龄算，满一年五天。
examples:  # how people ask
  - 年假有几天
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, book):
    """A running server over a small content and an overlay with one answer."""
    folder = tmp_path_factory.mktemp("edits")
    root = small_content.write(folder / "content" / "knowledge")
    small_content.put(folder / "overlay/knowledge/faq/leave.yaml", FAQ)
    live = Steady(root, folder / "overlay")
    with serving(folder, live, auth="password") as running:
        yield running


@pytest.fixture
def passing(site):
    """Every trial ends at once, and well."""
    with passing_trials(site):
        yield


@pytest.fixture
def overlay(site):
    """Its overlay, which is as it was when the test ends."""
    folder = site.app.content.overlay
    yield folder
    for path in folder.rglob("*.yaml"):
        if path.name != "leave.yaml":
            path.unlink()
    small_content.put(folder / "knowledge/faq/leave.yaml", FAQ)


@pytest.fixture
def editor(site):
    """An editor who has signed in."""
    with site.signed_in("ada", "editor") as client:
        yield client


@pytest.fixture
def asked(site):
    """Open questions, which are gone when the test ends. Returns the id of their cluster."""
    feedback = site.app.store.feedback
    for question in OPEN:
        feedback.add_question(question, "zh", "decline", ["concept.coupon"], 0.2, "v")
    yield min(question.id for question in feedback.questions())
    feedback.settle([question.id for question in feedback.questions()])


def taught(client, cluster, status=303, **changes):
    """The answer to a line taught for that cluster."""
    line = {"near": "concept.coupon", "kind": "alias", "text": "折扣码", "language": "zh"}
    line["once"] = secrets.token_hex(8)  # each form that is opened has its own
    answer = client.post(f"/insights/clusters/{cluster}/teach", data={**line, **changes})
    assert answer.status_code == status, answer.text
    return answer


def tried(site, client, cluster, **changes):
    """The address of an edit whose trial has ended."""
    where = taught(client, cluster, **changes).headers["location"]
    id_ = where.rpartition("/")[2]
    until(lambda: site.app.store.edits.get(id_).status != "running", "it is never tried", 300)
    return where


def test_question_is_taught_applied_live_and_taken_back(site, editor, asked, overlay):
    """From the form to a live answer, and back: the file is written, read, and taken away."""
    form = editor.get(f"/insights/clusters/{asked}").text
    assert 'value="concept.coupon"' in form and "checked" in form
    where = tried(site, editor, asked)
    page = editor.get(where).text
    assert re.search("Fine: all \\d+ examples", page), page
    assert "concepts/coupon.yaml" in page and not (overlay / ADDED).exists()
    assert editor.post(f"{where}/apply", data={"settle": "yes"}).status_code == 303
    assert (overlay / ADDED).read_text("utf-8") == "aliases: [折扣码]\n"
    assert site.app.store.feedback.questions() == []
    site.app.content.refresh()
    assert say("en", "edit.live.live") in editor.get(where).text
    assert site.app.book.base.entry("concept.coupon").aliases == ("优惠券概念", "折扣码")
    assert editor.post(f"{where}/undo").status_code == 303
    assert not (overlay / ADDED).exists()
    page = editor.get(where).text
    assert "Undone by ada" in page
    site.app.content.refresh()
    assert site.app.book.base.entry("concept.coupon").aliases == ("优惠券概念",)
    lines = [line["action"] for line in site.app.store.audit.list_recent(3)]
    assert lines == ["edit_undo", "edit_apply", "edit_try"]


def test_form_sent_twice_is_one_edit(site, editor, asked, overlay, passing):
    """Two clicks on Try and two on Apply: one edit, one line in the file."""
    first = tried(site, editor, asked, once="a" * 16)
    assert taught(editor, asked, once="a" * 16).headers["location"] == first
    for _ in range(2):
        assert editor.post(f"{first}/apply").status_code == 303
    assert (overlay / ADDED).read_text("utf-8").count("折扣码") == 1


def test_line_for_an_own_entry_goes_into_its_file(site, editor, asked, overlay, passing):
    """The file keeps its comments; an example may name no section that its kind lacks."""
    where = tried(
        site, editor, asked, near="faq.leave", kind="example", text="我能休几天", section="summary"
    )
    editor.post(f"{where}/apply")
    text = (overlay / "knowledge/faq/leave.yaml").read_text("utf-8")
    assert "  - {ask: 我能休几天, section: summary}\n" in text and "# how people ask" in text
    page = taught(editor, asked, 422, kind="example", section="metrics").text
    assert say("en", "proposal.unfit.no_section") in page


def test_edit_that_fails_the_check_cannot_be_applied(site, editor, asked, overlay):
    """An example of somebody else's is named; Apply is neither offered nor obeyed."""
    where = tried(site, editor, asked, kind="example", text="落地页是什么")
    page = editor.get(where).text
    assert "concept.landing_page" in page and f"{where}/apply" not in page
    answer = editor.post(f"{where}/apply")
    assert answer.status_code == 409
    assert say("en", "edit.refused.not_fine") in answer.text
    assert not (overlay / ADDED).exists()


def test_two_editors_lose_nothing(site, editor, asked, overlay, passing):
    """The second is told who was first and tries again over it; both lines stand at the end."""
    mine = tried(site, editor, asked)
    with site.signed_in("bob", "editor") as bob:
        his = tried(site, bob, asked, text="抵用码")
        assert bob.post(f"{his}/apply").status_code == 303
        answer = editor.post(f"{mine}/apply")
        assert answer.status_code == 409 and "bob has changed" in answer.text
        again = editor.post(f"{mine}/again").headers["location"]
        until(
            lambda: site.app.store.edits.get(again.rpartition("/")[2]).status == "tried",
            "it is never tried again", 300,
        )  # fmt: skip
        assert editor.post(f"{again}/apply").status_code == 303
        assert (overlay / ADDED).read_text("utf-8") == "aliases: [抵用码, 折扣码]\n"
        refused = bob.post(f"{his}/undo")
        assert refused.status_code == 409 and "ada has changed" in refused.text
    assert "抵用码, 折扣码" in (overlay / ADDED).read_text("utf-8")


def test_file_changed_by_hand_is_left_as_it_is(site, editor, asked, overlay, passing):
    """Undo does not go over what somebody wrote in an editor of their own."""
    where = tried(site, editor, asked)
    editor.post(f"{where}/apply")
    small_content.put(overlay / ADDED, "aliases: [折扣码, 手写]\n")
    answer = editor.post(f"{where}/undo")
    assert answer.status_code == 409 and "by hand" in answer.text
    assert "手写" in (overlay / ADDED).read_text("utf-8")


def test_overlay_that_takes_no_writes_is_told(site, editor, asked, overlay, passing):
    """Where a folder should be stands a file: one sentence, nothing changed, the edit kept."""
    where = tried(site, editor, asked)
    folder = overlay / "knowledge/additions"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way", "utf-8")
    try:
        answer = editor.post(f"{where}/apply")
        assert answer.status_code == 409 and "cannot be written" in answer.text
    finally:
        folder.unlink()
    assert editor.post(f"{where}/apply").status_code == 303


@pytest.mark.parametrize(
    ("typed", "status"),
    [("优惠券", 303), ("concept.coupon", 303), ("Coupon (concept.coupon)", 303), ("落", 422)],
)
def test_entry_is_typed_by_name(editor, asked, overlay, passing, typed, status):
    """A name that is one entry's is taken; otherwise those it may mean are offered."""
    answer = taught(editor, asked, status, near="", entry=typed, text=f"某某码{len(typed)}")
    if status == 422:
        assert 'value="concept.landing_page"' in answer.text
        assert say("en", "edit.which") in answer.text


def test_edits_are_for_editors(site, asked, overlay):
    """A manager sees neither form nor history, and cannot post."""
    with site.signed_in("max", "manager") as manager:
        assert "/teach" not in manager.get(f"/insights/clusters/{asked}").text
        assert manager.get("/edit").status_code == 403
        taught(manager, asked, 403)


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_history_lists_edits(site, editor, asked, overlay, passing, language):
    """In each language: what was edited, by whom, and how it stands."""
    tried(site, editor, asked, once=language, text=f"码{language}")
    page = editor.get(f"/edit?lang={language}").text
    assert say(language, "edit.status.tried") in page and f"码{language}" in page


def test_files_are_written_all_or_none(tmp_path):
    """Where the second cannot be written the first is as it was, and nothing is left beside."""
    small_content.put(tmp_path / "a/one.yaml", "before\n")
    small_content.put(tmp_path / "b", "no folder")
    with pytest.raises(EditRefused, match="not_writable"):
        files.write(tmp_path, {"a/one.yaml": "after\n", "b/two.yaml": "x\n"})
    assert (tmp_path / "a/one.yaml").read_text("utf-8") == "before\n"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["one.yaml"]


@pytest.mark.parametrize("path", ["../x.yaml", "/etc/x.yaml", "knowledge/x.txt"])
def test_files_outside_of_the_overlay_are_refused(tmp_path, path):
    """No edit leads out of the folder, or to anything but YAML."""
    with pytest.raises(EditRefused, match="layout"):
        files.read(tmp_path, [path])


def test_apply_goes_on_after_a_fall(site, editor, asked, overlay, passing):
    """The file was written and the store was not: Apply notes it and writes nothing twice."""
    where = tried(site, editor, asked)
    id_ = where.rpartition("/")[2]
    small_content.put(overlay / ADDED, "aliases: [折扣码]\n")
    assert history.apply(site.app.store, overlay, id_, "ada").status == "applied"
    assert (overlay / ADDED).read_text("utf-8") == "aliases: [折扣码]\n"


LEAVE = {"zh.title": "病假", "zh.origin": "organization", "zh.summary": "病假要有证明。",
         "zh.examples": "病假怎么请\n生病了能休息吗", "kind": "faq", "act": "try"}  # fmt: skip


def of_form(client, path):
    """What stands in the form at *path*, as a browser would send it back."""
    page = client.get(path).text
    boxes = re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S)
    lines = re.findall(r'<input (?:id="[^"]*" |type="hidden" )name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'<select id="[^"]*" name="([^"]+)">.*?value="(\w+)" selected', page)
    return {name: html.unescape(value) for name, value in (*boxes, *lines, *chosen)}


def test_new_entry_is_written_by_its_form(site, editor, overlay, passing):
    """From the form of its kind to a file in the overlay, under an id made of its title."""
    assert 'name="ko.summary"' in editor.get("/edit/new?kind=faq").text
    where = editor.post("/edit/new", data=LEAVE).headers["location"]
    assert editor.post(f"{where}/apply").status_code == 303
    text = (overlay / "knowledge/faq/bing_jia.yaml").read_text("utf-8")
    assert text == (
        "id: faq.bing_jia\ntitle: 病假\norigin: organization\nsummary: 病假要有证明。\n"
        "examples:\n  - 病假怎么请\n  - 生病了能休息吗\n"
    )
    again = editor.post("/edit/new", data={**LEAVE, "zh.title": "年假", "slug": "leave"})
    assert again.status_code == 422 and "faq.leave" in again.text and "病假要有证明" in again.text


def test_form_with_findings_keeps_what_was_typed(editor, overlay, passing):
    """The linter stands beside; nothing is tried and nothing typed is lost."""
    wrong = {**LEAVE, "zh.related": "concept.nothing", "zh.title": "优惠券"}
    answer = editor.post("/edit/new", data=wrong)
    assert answer.status_code == 422
    assert "There is no entry “concept.nothing”." in answer.text
    assert "a name of concept.coupon already" in answer.text and "病假要有证明。" in answer.text
    checked = editor.post("/edit/new", data={**LEAVE, "act": "check"})
    assert checked.status_code == 200 and say("en", "edit.form.fine") in checked.text
    beside = editor.post("/edit/new", data=wrong, headers={"hx-request": "true"})
    assert beside.status_code == 200 and "<form" not in beside.text


WRONG = {
    "no entry": ({"zh.related": "concept.nothing"}, "edit.problem.no_entry"),
    "name": ({"zh.title": "优惠券"}, "edit.problem.name_taken"),
    "no example": ({"zh.examples": ""}, "edit.problem.examples.one"),
    "id": ({"zh.related": "Coupon"}, "edit.problem.form"),
    "kind": ({"kind": "checklist", "zh.pause_points": "# only"}, None),
    "passage": ({"zh.sources": "plain#9"}, "edit.problem.no_passage"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_findings_are_in_the_language_of_the_page(editor, language):
    """Whatever is wrong: no sentence of another language beside the form."""
    for wrong, sentence in WRONG.values():
        typed = {**LEAVE, "act": "check", **wrong}
        page = editor.post(f"/edit/new?lang={language}", data=typed).text
        found = re.findall(r'<li class="(?:error|warning)">.*?</span> (.*?) <span', page)
        assert found, wrong
        if sentence:
            start = re.split("[{]", say(language, sentence, what="{", more="{"))[-1]
            assert any(start in html.unescape(one) for one in found), (wrong, found)
        if language != "en":
            told = re.sub("[“「].*?[”」]", "", " ".join(found))
            assert not re.search("there is|expected|missing key|needs at least", told), found


def test_form_without_an_overlay_says_what_to_do(server):
    """A page of its own, as the page of an entry that is not there is; nothing bare."""
    with server.client() as client:
        page = client.get("/edit/entry/role.brand")
        assert page.status_code == 404
        assert say("en", "edit.no_overlay.do") in html.unescape(page.text)
        assert 'href="/knowledge/role.brand"' in page.text
        assert client.get("/edit/entry/role.nobody").status_code == 404


def test_entry_is_edited_and_the_other_editor_is_told(site, editor, overlay, passing):
    """The second sees both texts and who was first, with all that was typed; then decides."""
    path = "/edit/entry/faq.leave"
    mine, his = of_form(editor, path), of_form(editor, path)
    assert mine["zh.title"] == "年假" and mine["seen"]
    with site.signed_in("bob", "editor") as bob:
        sent = bob.post(path, data={**his, "zh.summary": "年假十天。", "act": "try"})
        assert bob.post(f"{sent.headers['location']}/apply").status_code == 303
    answer = editor.post(path, data={**mine, "zh.title": "休年假", "act": "try"})
    assert answer.status_code == 409 and "bob has changed" in answer.text
    assert "-summary: 年假十天。" in answer.text and "+title: 休年假" in answer.text
    kept = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert kept and 'value="休年假"' in answer.text
    mine |= {"zh.title": "休年假", "seen": kept[1], "act": "try"}
    where = editor.post(path, data=mine).headers["location"]
    editor.post(f"{where}/apply")
    text = (overlay / "knowledge/faq/leave.yaml").read_text("utf-8")
    assert "title: 休年假" in text and "# how people ask" in text
    assert [one.status for one in site.app.store.edits.list_recent(2)] == ["applied", "applied"]


def test_entry_of_ours_is_replaced_with_all_its_languages(site, editor, overlay, passing):
    """The overlay gets the whole entry, and every translation as it was."""
    form = of_form(editor, "/edit/entry/concept.coupon")
    form |= {"zh.definition": "抵扣金额的凭证或代码", "act": "try"}
    where = editor.post("/edit/entry/concept.coupon", data=form).headers["location"]
    editor.post(f"{where}/apply")
    folder = overlay / "knowledge"
    assert "抵扣金额的凭证或代码" in (folder / "concepts/coupon.yaml").read_text("utf-8")
    assert (folder / "translations/ja/concepts/coupon.yaml").read_text(
        "utf-8"
    ) == "title: クーポン\n"


def test_answer_is_written_for_an_open_question(site, editor, asked, overlay, passing):
    """The form begins with the wordings of the group, which Apply settles."""
    form = of_form(editor, f"/edit/new?kind=faq&cluster={asked}")
    assert set(form["zh.examples"].split("\n")) == {*OPEN}
    form = {**form, "zh.title": "折扣码", "zh.summary": "打折用的代码。", "act": "try"}
    where = editor.post("/edit/new", data=form).headers["location"]
    assert editor.post(f"{where}/apply", data={"settle": "yes"}).status_code == 303
    assert site.app.store.feedback.questions() == []


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
@pytest.mark.parametrize("kind", KINDS)
def test_hints_of_a_form_are_in_the_language_of_the_page(site, overlay, kind, language):
    """What belongs into a field is said in the language that is read, with keys to write down."""
    with site.signed_in("ada", "editor", headers={"accept-language": language}) as reader:
        text = reader.get(f"/edit/new?kind={kind}").text
    hints = re.findall(r'class="small soft hint"[^>]*>([^<]*)<', text)
    assert len(hints) > 5
    assert any("2026-11-30" in hint for hint in hints)
    assert any(f"summary ({say(language, 'edit.field.summary')})" in hint for hint in hints)
    english = [
        hint for hint in hints if language != "en" and re.search("[a-z]+ [a-z]+ [a-z]+", hint)
    ]
    assert english == []


@pytest.mark.parametrize("path", ["/edit/new?kind=x", "/edit/entry/x", "/edit/entry/faq.none"])
def test_form_of_nothing_is_404(editor, path):
    """No kind, no id, no entry of that id."""
    assert editor.get(path).status_code == 404


def test_restricted_entry_is_as_if_it_were_not_there(site, editor, overlay, passing):
    """Neither its form nor its edits, for those who may not see it."""
    where = editor.post("/edit/new", data={**LEAVE, "zh.restricted_to": "hr"}).headers["location"]
    assert editor.get(where).status_code == 404
    with site.signed_in("root", "admin") as admin:
        assert admin.post(f"{where}/apply").status_code == 303
    assert editor.get("/edit/entry/faq.bing_jia").status_code == 404
    assert editor.get(where).status_code == 404
    assert where not in editor.get("/edit").text
    with site.signed_in("root", "admin") as admin:
        assert where in admin.get("/edit").text
