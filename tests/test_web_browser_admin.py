"""The pages of people, access, status and reminders in a real browser: few steps, for everyone."""

from __future__ import annotations

import pytest
from browser import LOCALES, LOOKS, PHONE, barriers, resize, too_small, too_wide
from playwright.sync_api import expect
from web_server import PASSWORD

PAGES = ("/people", "/people/status", "/account/access", "/account/reminders")


@pytest.mark.parametrize("language", LOCALES)
def test_admin_pages_are_for_everyone(visit, password_server, language):
    """Nothing that axe finds, nothing too small for a finger, nothing that scrolls sideways."""
    page = visit.signed_in(
        password_server, "root", "admin", language=language, reduced_motion="reduce"
    )
    one = password_server.app.store.people.by_name("root").id
    for path in (*PAGES, f"/people/{one}"):
        page.goto(path)
        for size, dark, _ in LOOKS:
            resize(page, size, dark)
            assert barriers(page) == []
            assert too_wide(page) == []
        assert too_small(page) == []


@pytest.mark.parametrize(
    "script", [pytest.param(True, id="script"), pytest.param(False, id="plain")]
)
def test_admin_invites_and_the_invited_joins(visit, password_server, script):
    """Two steps for the one, three for the other."""
    page = visit.signed_in(password_server, "root", "admin", size=PHONE, script=script)
    page.goto("/people")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("Invitation", exact=True).input_value()
    new = visit(password_server, link.removeprefix(password_server.url), script=script)
    new.get_by_label("Name").fill(f"Zoe {script}")
    new.get_by_label("A password").fill(PASSWORD)
    new.get_by_role("button", name="Join").click()
    new.goto("/account")
    expect(new.get_by_role("heading", level=1)).to_have_text(f"Zoe {script}")
