"""The insights pages over HTTP: who sees what, what is open, proposals, and the content's state."""

from __future__ import annotations

import re
import subprocess

import pytest
import small_content
from web_server import form_of, serving

from bot.reload import ContentReloader
from bot.texts import say

OPEN = ["折扣码是什么", "折扣码有什么用", "折扣码有什么用？"]
LANGUAGES = ["zh", "en", "ja", "ko"]


@pytest.fixture(scope="module")
def root(tmp_path_factory, book):
    """A small content that a test may change and must put back."""
    return small_content.write(tmp_path_factory.mktemp("content") / "knowledge")


@pytest.fixture(scope="module")
def small(root, tmp_path_factory):
    """A running server over it, where people sign in with a password."""
    folder = tmp_path_factory.mktemp("insights")
    with serving(folder, ContentReloader(root), auth="password") as running:
        yield running


@pytest.fixture
def client(small):
    """Somebody of each role who has signed in: call it with the role."""
    opened = []

    def signed_in(role, **options):
        held = small.signed_in(f"a {role}", role, **options)
        opened.append(held)
        return held.__enter__()

    yield signed_in
    for held in reversed(opened):
        held.__exit__(None, None, None)


@pytest.fixture
def asked(small):
    """Open questions, which are gone when the test ends. Returns the id of their cluster."""
    feedback = small.app.store.feedback
    for question in OPEN:
        feedback.add_question(question, "zh", "decline", ["concept.coupon"], 0.2, "v")
    yield min(question.id for question in feedback.questions())
    feedback.settle([question.id for question in feedback.questions()])


def proposed(client, cluster, status=303, **changes):
    """The answer to a proposal for that cluster."""
    change = {"entry": "concept.coupon", "kind": "alias", "text": "折扣码", "language": "zh"}
    form = form_of(client, f"/insights/clusters/{cluster}")
    data = {**change, **changes, "form": form}
    answer = client.post(f"/insights/clusters/{cluster}/propose", data=data)
    assert answer.status_code == status, answer.text
    return answer


@pytest.mark.parametrize(
    ("role", "status"),
    [("staff", 403), ("hr", 403), ("manager", 200), ("editor", 200), ("admin", 200)],
)
def test_insights_are_for_those_with_the_right(client, asked, role, status):
    """Managers, editors and admins see them; the pages of clusters alike."""
    for path in ("/insights", f"/insights/clusters/{asked}"):
        assert client(role).get(path).status_code == status


def test_insights_ask_strangers_to_sign_in(small):
    """Without a session one is led to the form."""
    with small.client() as stranger:
        answer = stranger.get("/insights")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("role", "reload", "audit"),
    [("manager", False, False), ("editor", True, False), ("admin", True, True)],
)
def test_insights_show_what_a_role_may_do(client, role, reload, audit):
    """Reloading is for editors, the audit for admins."""
    page = client(role).get("/insights").text
    assert ("/insights/reload" in page) is reload
    assert (say("en", "insights.audit") in page) is audit


@pytest.mark.parametrize("language", LANGUAGES)
def test_insights_show_counts_feedback_and_clusters(small, client, asked, language):
    """In each language: the counts of today as they are, thumbs with reasons, open questions."""
    small.app.counts.add([("band", "decline")])
    feedback = small.app.store.feedback
    feedback.add(None, "q", "concept.coupon", "summary", False, "没有例子", "zh", "v")
    page = client("manager").get(f"/insights?lang={language}").text
    assert say(language, "insights.unanswered") in page
    assert "<svg" in page
    assert "没有例子" in page
    assert OPEN[1] in page
    assert small.app.book.version in page
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)


@pytest.mark.parametrize("days", ["0", "366", "x", "-1"])
def test_insights_refuse_other_days(client, days):
    """A period that makes no sense is a 422."""
    assert client("manager").get(f"/insights?days={days}").status_code == 422


def test_cluster_shows_all_spellings(client, asked):
    """With counts and the nearest entry; a manager gets no form."""
    page = client("manager").get(f"/insights/clusters/{asked}").text
    assert OPEN[1] in page
    assert "<form" not in page.partition("<main")[2]


@pytest.mark.parametrize("id_", ["0", "999999", "99999999999999999999"])
def test_cluster_that_is_not_there_is_404(client, id_):
    """No open question of that number: it is gone, whatever the number."""
    assert client("editor").get(f"/insights/clusters/{id_}").status_code == 404


def test_proposal_is_tried_shown_and_downloaded(client, asked, root, tmp_path):
    """An editor sees what is gained and gets a patch that git takes; the content stays as it is."""
    editor = client("editor")
    before = (root / "concepts/coupon.yaml").read_text("utf-8")
    where = proposed(editor, asked).headers["location"]
    page = editor.get(where).text
    assert say("en", "proposal.fine", examined=18, gained=4) in page
    assert "knowledge/concepts/coupon.yaml" in page
    answer = editor.get(f"{where}/patch")
    assert answer.headers["content-disposition"] == 'attachment; filename="concept-coupon.patch"'
    small_content.write(tmp_path / "knowledge")
    git = ["git", "apply", "-"]
    subprocess.run(git, input=answer.content, cwd=tmp_path, check=True, capture_output=True)
    assert "折扣码]" in (tmp_path / "knowledge/concepts/coupon.yaml").read_text("utf-8")
    assert (root / "concepts/coupon.yaml").read_text("utf-8") == before


def test_proposal_that_would_spoil_something_says_what(client, asked):
    """The example that another entry would no longer win is named."""
    editor = client("editor")
    page = editor.get(
        proposed(editor, asked, kind="example", text="落地页是什么").headers["location"]
    )
    assert say("en", "proposal.fails", count=1, examined=19) in page.text
    assert "concept.landing_page" in page.text


def test_proposal_belongs_to_its_editor(client, asked, small):
    """Another editor does not find it, and nobody finds a made-up one."""
    where = proposed(client("editor"), asked).headers["location"]
    with small.signed_in("another editor", "editor") as other:
        for path in (where, f"{where}/patch", "/insights/proposals/made-up"):
            assert other.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"entry": "concept.nothing"}, "no_entry", id="entry"),
        pytest.param({"kind": "summary"}, "no_kind", id="kind"),
        pytest.param({"language": "ko"}, "no_translation", id="translation"),
        pytest.param({"text": " "}, "empty", id="text"),
        pytest.param({"text": "优惠券概念"}, "there", id="there"),
    ],
)
def test_proposal_that_does_not_fit_is_told_in_the_form(client, asked, changes, reason):
    """422, the reason in the person's language, and what was typed is still there."""
    page = proposed(client("editor"), asked, 422, **changes).text
    assert say("en", f"proposal.unfit.{reason}") in page
    assert f'value="{changes.get("text", "折扣码")}"' in page


def test_settled_cluster_leaves_the_list(client, asked, small):
    """Those that were shown are settled; one asked afterwards stays open."""
    editor = client("editor")
    form = form_of(editor, f"/insights/clusters/{asked}")
    newest = max(question.id for question in small.app.store.feedback.questions())
    small.app.store.feedback.add_question(OPEN[0], "zh", "decline", [], 0.2, "v")
    answer = editor.post(
        f"/insights/clusters/{asked}/settle", data={"newest": newest, "form": form}
    )
    assert answer.status_code == 303
    left = [question.id for question in small.app.store.feedback.questions()]
    assert len(left) == 1 and left[0] > newest
    assert editor.get(f"/insights/clusters/{asked}").status_code == 404


@pytest.mark.parametrize("action", ["propose", "settle"])
def test_cluster_is_changed_by_editors_on_our_own_page_only(client, asked, small, action):
    """A manager is denied, a form from elsewhere refused; nothing is settled."""
    path = f"/insights/clusters/{asked}/{action}"
    manager, editor = client("manager"), client("editor")
    data = {"newest": 10**9, "text": "x"}
    assert manager.post(path, data=data).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert editor.post(path, data=data, headers=elsewhere).status_code == 403
    assert len(small.app.store.feedback.questions()) == len(OPEN)


def test_content_that_is_broken_is_shown_and_not_taken(client, root, small):
    """The version in use stays, the problem is told with its file; mended content is taken."""
    editor, path = client("editor"), root / "concepts" / "check_in.yaml"
    before, version = path.read_text("utf-8"), small.app.book.version
    try:
        small_content.put(path, before.replace("summary:", "summry:"))
        assert reloaded(editor).status_code == 303
        page = editor.get("/insights").text
        assert "concepts/check_in.yaml" in page and "summry" in page
        assert version in page
        small_content.put(path, before.replace("每天来签到的做法", "每天来签到的习惯"))
        reloaded(editor)
        page = editor.get("/insights").text
        assert say("en", "insights.fine") in page
        assert small.app.book.version != version
    finally:
        small_content.put(path, before)
        reloaded(editor)
    lines = [line["detail"] for line in small.app.store.audit.list_recent()
             if line["action"] == "reload"]  # fmt: skip
    assert lines == ["taken", "taken", "refused"]


def reloaded(editor):
    """The answer to the button that takes the content as it is."""
    form = form_of(editor, "/insights")
    return editor.post("/insights/reload", data={"form": form})


def test_reload_is_for_editors(client, small):
    """A manager may look and not reload."""
    manager, version = client("manager"), small.app.book.version
    form = form_of(manager, "/account")
    assert manager.post("/insights/reload", data={"form": form}).status_code == 403
    assert small.app.book.version == version
