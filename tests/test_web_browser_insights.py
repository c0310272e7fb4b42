"""The insights in a real browser: seen by everybody on every screen, with and without a script."""

from __future__ import annotations

import pytest
import small_content
from browser import LOOKS, PHONE, barriers, download, resize, too_small, too_wide
from playwright.sync_api import expect
from web_server import serving

from bot.reload import ContentReloader

QUESTIONS = ["折扣码是什么", "折扣码有什么用", "how to combine discount codes"]


@pytest.fixture(scope="module")
def small(book, tmp_path_factory):
    """A server over a small content, with some days of use."""
    root = small_content.write(tmp_path_factory.mktemp("content") / "knowledge")
    with serving(tmp_path_factory.mktemp("insights"), ContentReloader(root)) as running:
        feedback = running.app.store.feedback
        feedback.count({("band", "answer"): 40, ("band", "suggest"): 7, ("band", "decline"): 5})
        feedback.count({("language", "zh"): 52, ("function", "content_operations"): 123_456})
        feedback.add(None, "q", "concept.coupon", "summary", False, "no example", "en", "v")
        for question in QUESTIONS:
            language = "en" if question.isascii() else "zh"
            feedback.add_question(question, language, "decline", ["concept.coupon"], 0.2, "v")
        running.app.store.audit.note("ada", "sign_in")
        yield running


@pytest.mark.parametrize(("size", "dark", "name"), LOOKS, ids=[look[2] for look in LOOKS])
@pytest.mark.parametrize("path", ["/insights", "/insights/clusters/1"])
def test_insights_are_open_to_everybody(visit, small, path, size, dark, name):
    """No barrier that axe knows, nothing too wide, everything pressed large enough."""
    page = visit(small, path, size=size, dark=dark)
    assert barriers(page) == []
    assert too_wide(page) == []
    assert too_small(page) == []


@pytest.mark.parametrize(
    "script", [pytest.param(True, id="script"), pytest.param(False, id="plain")]
)
def test_proposal_goes_from_question_to_patch(visit, small, script):
    """From the list to a cluster, an alias tried, the patch downloaded; also without a script."""
    page = visit(small, "/insights", size=PHONE, script=script)
    page.get_by_role("link", name=QUESTIONS[0]).click()
    page.get_by_label("What to add").select_option("alias")
    page.get_by_label("Text", exact=True).fill("折扣码")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Proposed change", timeout=60_000)
    expect(page.get_by_role("status")).to_contain_text("Fine")
    assert "+aliases: [优惠券概念, 折扣码]" in download(page, ".primary").decode()
    if script:
        for size, dark, _ in LOOKS:
            resize(page, size, dark)
            assert barriers(page) == []
            assert too_wide(page) == []
            assert too_small(page) == []
