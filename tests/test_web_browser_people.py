"""Signing in and out, and what is denied, in a real browser; with a script and without."""

from __future__ import annotations

import pytest
from browser import DESKTOP, PHONE, ask, sign_in
from playwright.sync_api import Page, expect

WAYS = [pytest.param(True, id="script"), pytest.param(False, id="plain")]
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]


def menu(page: Page) -> list[str]:
    """The names of the pages in the menu."""
    return page.locator(".top nav a").all_inner_texts()


@pytest.mark.parametrize("script", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_people_sign_in_where_they_wanted_to_go(visit, password_server, size, script):
    """Who is not signed in is asked to, comes where they wanted to go, and can leave again."""
    if "carla" not in {p.name for p in password_server.app.store.people.all()}:
        password_server.add("carla", "staff")
    page = visit(password_server, "/knowledge/cycle", size=size, script=script, expected=(401, 403))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, "carla", "not the password")
    expect(page.get_by_role("alert").filter(has_text="is wrong")).to_be_visible()
    sign_in(page, "carla")
    page.wait_for_url("**/knowledge/cycle")
    page.get_by_role("link", name="carla").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/knowledge")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("script", WAYS)
def test_people_are_denied_what_is_not_theirs(visit, password_server, script):
    """Staff see neither postings nor insights in the menu, and are told so if they go there."""
    page = visit.signed_in(password_server, "dora", "staff", script=script, expected=(403,))
    assert menu(page) == ["Chat", "Checklists", "Knowledge"]
    for path in ("/insights", "/posting"):
        page.goto(path)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("You are not allowed to do this")


def test_people_get_the_menu_of_their_roles(visit, password_server):
    """HR classifies postings, a manager reads the insights."""
    page = visit.signed_in(password_server, "emil", "hr")
    assert menu(page) == ["Chat", "Postings", "Checklists", "Knowledge"]
    page = visit.signed_in(password_server, "fay", "manager")
    assert menu(page) == ["Chat", "Checklists", "Knowledge", "Insights"]
    page.get_by_role("link", name="Insights").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Insights")


def test_people_keep_their_chat_to_themselves(visit, password_server):
    """A chat belongs to the person, on whatever device; nobody else sees it."""
    page = visit.signed_in(password_server, "gus", "staff")
    ask(page, "What does brand do?")
    phone = visit.signed_in(password_server, "gus", "staff", size=PHONE)
    expect(phone.locator(".mine .bubble")).to_have_text("What does brand do?")
    other = visit.signed_in(password_server, "hana", "staff")
    expect(other.locator(".mine")).to_have_count(0)


@pytest.mark.parametrize("script", WAYS)
def test_people_are_forgotten_when_they_ask_for_it(visit, password_server, script):
    """Who says that they mean it is forgotten, and cannot sign in any more."""
    name = f"ivan {script}"
    page = visit.signed_in(password_server, name, "staff", script=script, expected=(401,))
    page.goto("/account")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Forget me").click()
    sign_in(page, name)
    expect(page.get_by_role("alert").filter(has_text="is wrong")).to_be_visible()


def test_people_are_known_by_a_proxy(visit, header_server):
    """Behind a proxy that signs people in, nobody is asked again."""
    headers = {"x-forwarded-user": "jo"}
    page = visit(header_server, "/", extra_http_headers=headers)
    expect(page.get_by_role("link", name="jo", exact=True)).to_be_visible()
    ask(page, "What does brand do?")


def test_people_keep_secrets_from_scripts(visit, password_server):
    """No cookie can be read by a script on a page."""
    password_server.add("kim", "staff")
    page = visit(password_server, "/sign-in")
    sign_in(page, "kim")
    page.wait_for_url(f"{password_server.url}/")
    assert page.evaluate("document.cookie") == ""
    assert {cookie["httpOnly"] for cookie in page.context.cookies()} == {True}
