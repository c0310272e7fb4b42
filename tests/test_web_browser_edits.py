"""Editing in a real browser: from an open question to a live answer, with the steps counted."""

from __future__ import annotations

import re

import pytest
import small_content
from browser import DESKTOP, LOOKS, PHONE, barriers, resize, too_small, too_wide
from edit_help import Steady, passing_trials
from playwright.sync_api import expect
from web_server import serving

from bot.editing import trial
from bot.editing.trial import Found
from bot.store.edits import FileEdit

QUESTION = "折扣码怎么领"
TRIAL = 300_000
"""Milliseconds that a trial may take on a machine that does much else."""
STEPS = 3
"""Presses from the open question to the answer: the question, Try it, Apply."""


class Steps:
    """Counts what a person does."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, role, name):
        """Press a link or a button."""
        self.page.get_by_role(role, name=name, exact=role == "button").first.click()
        self.count += 1


@pytest.fixture(scope="module")
def site(book, tmp_path_factory):
    """A server over a small content and an overlay, with an open question."""
    folder = tmp_path_factory.mktemp("edits")
    root = small_content.write(folder / "content" / "knowledge")
    (folder / "overlay").mkdir()
    with serving(folder, Steady(root, folder / "overlay")) as running:
        yield running


@pytest.fixture
def asked(site):
    """An open question. Returns the id of its cluster."""
    feedback = site.app.store.feedback
    feedback.add_question(QUESTION, "zh", "decline", ["concept.coupon"], 0.2, "v")
    yield max(question.id for question in feedback.questions())
    feedback.settle([question.id for question in feedback.questions()])


@pytest.fixture
def passing(site):
    """Every trial ends at once, and well."""
    with passing_trials(site):
        yield


@pytest.fixture
def overlay(site):
    """Its overlay, which is empty again when the test ends."""
    yield site.app.content.overlay
    for path in site.app.content.overlay.rglob("*.yaml"):
        path.unlink()


@pytest.mark.parametrize(
    ("size", "script"),
    [
        pytest.param(PHONE, True, id="phone"),
        pytest.param(DESKTOP, True, id="desktop"),
        pytest.param(PHONE, False, id="phone-plain"),
    ],
)
def test_question_is_taught_in_three_presses(visit, site, asked, overlay, passing, size, script):
    """The question, Try it, Apply; Undo takes it back."""
    page = visit(site, "/insights", size=size, script=script)
    steps = taught(page)
    assert steps.count == STEPS
    assert [path.name for path in overlay.rglob("*.yaml")] == ["coupon.yaml"]
    steps.press("button", "Undo")
    expect(page.get_by_text(re.compile("^Undone by"))).to_be_visible()
    assert list(overlay.rglob("*.yaml")) == []


@pytest.fixture
def followed(site):
    """The server takes changed content by itself, until the test ends."""
    site.app.content.follows = True
    yield
    site.app.content.follows = False
    site.app.content.refresh()  # one that has begun is waited for


def test_question_that_is_taught_is_answered(visit, site, asked, overlay, followed):
    """With the whole trial in the background, its progress, and the answer live in the end."""
    page = visit(site, "/insights", size=PHONE)
    taught(page, lambda: expect(page.get_by_role("progressbar")).to_be_visible())
    expect(page.get_by_text("It is live.")).to_be_visible(timeout=TRIAL)
    page.goto("/")
    page.fill("#text", QUESTION)
    page.click(".send")
    expect(page.locator(".theirs").last).to_contain_text("优惠券")


def taught(page, meanwhile=lambda: None):
    """The presses from the list of open questions to an edit that is applied."""
    steps = Steps(page)
    steps.press("link", QUESTION)
    steps.press("button", "Try it")
    meanwhile()
    expect(page.get_by_role("button", name="Apply")).to_be_visible(timeout=TRIAL)
    steps.press("button", "Apply")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    return steps


def found(site, id_, status="tried", **values):
    """An edit whose trial has found that."""
    edits = (FileEdit("knowledge/additions/zh/concepts/coupon.yaml", None, "aliases: [折扣码]\n"),)
    what = {
        "kind": "alias", "text": "折扣码", "language": "zh", "section": "", "cluster": 1,
        "newest": 1, "asked": [],
    }  # fmt: skip
    site.app.store.edits.add(id_, "ada", "concept.coupon", what, edits)
    shift = trial.Shift(QUESTION, "", "decline", "", "", "answer", "concept.coupon", "summary")
    made = Found(examined=20, asked=(shift,), shifts=(shift,), **values)
    site.app.store.edits.note(id_, trial.to_data(made), status)
    return f"/edit/changes/{id_}"


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
@pytest.mark.parametrize(
    "name", ["cluster", "history", "edit", "new faq", "new checklist", "entry"]
)
def test_editing_is_open_to_everybody(visit, site, asked, overlay, language, name):
    """No barrier that axe knows, nothing too wide, everything pressed large enough: both modes."""
    path = {
        "cluster": f"/insights/clusters/{asked}",
        "history": "/edit",
        "new faq": "/edit/new?kind=faq",
        "edit": found(site, "seen"),
        "new checklist": "/edit/new?kind=checklist",
        "entry": "/edit/entry/concept.coupon",
    }[name]
    page = visit(site, path, language=language)
    for size, dark, _ in LOOKS:
        resize(page, size, dark)
        assert barriers(page) == []
        assert too_wide(page) == []
        assert too_small(page) == []


def test_findings_stand_beside_while_one_writes(visit, site, overlay):
    """The linter answers without a press, and what was typed stays."""
    page = visit(site, "/edit/new?kind=faq", expected=(422,))
    page.locator("#zh-title").fill("优惠券")
    expect(page.locator("#findings")).to_contain_text("a name of concept.coupon already")
    page.locator("#zh-title").fill("病假")
    page.locator("#zh-summary").fill("病假要有证明。")
    page.locator("#zh-examples").fill("病假怎么请")
    expect(page.locator("#findings")).to_contain_text("Nothing found")
    expect(page.locator("#zh-summary")).to_have_value("病假要有证明。")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_entry_is_picked_by_typing(visit, site, asked, overlay, script):
    """Part of a name offers the entries: below the field with a script, after a press without."""
    page = visit(site, f"/insights/clusters/{asked}", script=script, expected=(422,))
    page.locator("#entry").press_sequentially("land")
    if script:
        option = page.locator("#entries option")
        expect(option.first).to_have_attribute("value", "landing page (concept.landing_page)")
    else:
        page.get_by_role("button", name="Try it", exact=True).click()
        expect(page.get_by_role("radio").first).to_have_value("concept.landing_page")
