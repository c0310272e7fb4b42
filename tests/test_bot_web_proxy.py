"""Sign-in by a proxy in front: its headers are believed from it alone."""

from __future__ import annotations

import pytest
from web_server import serving

from bot.store.people import ROLES

USER, GROUPS = "x-forwarded-user", "x-forwarded-groups"


@pytest.fixture(scope="module")
def groups_server(live, tmp_path_factory):
    """A server whose proxy lists groups too."""
    folder = tmp_path_factory.mktemp("groups")
    with serving(folder, live, auth="header", roles_header=GROUPS) as server:
        yield server


def classify(client, headers):
    """The status of a call that staff may not make."""
    return client.post("/api/classify", json={"description": "x"}, headers=headers).status_code


def test_proxy_signs_in(header_server):
    """Whom the proxy names is known; a new one is staff, and stays the same person."""
    with header_server.client() as client:
        for _ in range(2):
            assert client.get("/", headers={USER: "wang"}).status_code == 200
        assert classify(client, {USER: "wang"}) == 403
    named = [one for one in header_server.app.store.people.all() if one.name == "wang"]
    assert [one.roles for one in named] == [("staff",)]


def test_proxy_names_in_any_script(header_server):
    """A name in UTF-8 is read as it was written."""
    with header_server.client() as client:
        headers = [(USER.encode(), "王小明".encode())]
        assert client.get("/account", headers=headers).text.count("王小明") >= 1
    assert header_server.app.store.people.by_name("王小明").roles == ("staff",)


def test_proxy_roles_given_here_hold(header_server):
    """Without a roles header, roles are those given with ``zhiwen user``; a header adds none."""
    header_server.add("helen", "hr")
    with header_server.client() as client:
        assert classify(client, {USER: "helen"}) == 200
        assert classify(client, {USER: "ivan", GROUPS: "admin,hr"}) == 403


def test_proxy_lists_roles(groups_server):
    """With a roles header the proxy's groups count, of them those that are roles."""
    with groups_server.client() as client:
        assert classify(client, {USER: "judy", GROUPS: "everyone, hr"}) == 200
        assert classify(client, {USER: "judy", GROUPS: "everyone,staff"}) == 403
        assert classify(client, {USER: "kurt", GROUPS: "everyone"}) == 403


@pytest.mark.parametrize(
    "later",
    [{GROUPS: "everyone"}, {GROUPS: ""}, {}, {GROUPS: "staff"}, {GROUPS: "administrators"}],
    ids=["other groups", "empty", "absent", "fewer", "a longer name"],
)
def test_proxy_takes_roles_away(groups_server, later):
    """What the proxy does not list any more is lost at once: on pages, for tokens, in chats."""
    name = f"lou-{len(groups_server.app.store.people.all())}"
    with groups_server.client() as client:
        assert classify(client, {USER: name, GROUPS: "admin"}) == 200
        token = groups_server.bearer(name)
        assert classify(client, token) == 200
        assert classify(client, {USER: name, **later}) == 403
        assert classify(client, token) == 403
        assert groups_server.app.store.people.by_name(name).roles == ("staff",)
        assert classify(client, {USER: name, GROUPS: "hr"}) == 200


def test_proxy_groups_come_once(groups_server):
    """Two headers of groups are none: not the proxy alone has set them."""
    with groups_server.client() as client:
        headers = [(USER, "max"), (GROUPS, "hr"), (GROUPS, "admin")]
        assert classify(client, headers) == 403


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(USER, "")],
        [(USER, b"\xc2\xa0")],
        [(USER, "-")],
        [(USER, "x" * 81)],
        [(USER, "mallory"), (USER, "admin")],
    ],
    ids=["none", "empty", "blank", "nobody", "too long", "twice"],
)
def test_proxy_that_names_nobody_signs_nobody_in(header_server, headers):
    """No name, a name that cannot be one, or two: a stranger."""
    with header_server.client() as client:
        assert client.get("/api/entries", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "proxies",
    [(), ("10.0.0.1",), ("10.0.0.0/8", "::1"), ("nonsense",)],
    ids=["none", "another", "others", "nonsense"],
)
def test_proxy_headers_from_others_are_ignored(live, tmp_path, proxies):
    """Whoever is no trusted proxy may write what they like into the header."""
    with serving(tmp_path, live, auth="header", trusted_proxies=proxies) as server:
        with server.client() as client:
            answer = client.get("/api/entries", headers={USER: "admin"})
        assert answer.status_code == 401
        assert server.app.store.people.all() == []


@pytest.mark.parametrize("auth", ["password", "none"])
def test_proxy_headers_mean_nothing_elsewhere(live, tmp_path, auth):
    """Unless auth is header, the header is not looked at."""
    with serving(tmp_path, live, auth=auth) as server, server.client() as client:
        client.get("/api/entries", headers={USER: "admin", GROUPS: ",".join(ROLES)})
        assert server.app.store.people.all() == []


def test_proxy_goes_before_an_old_session(header_server):
    """On a shared machine the one signed in now counts, not whose cookie is still there."""
    with header_server.signed_in("old", "admin") as client:
        assert classify(client, {}) == 200
        assert classify(client, {USER: "new"}) == 403


def test_proxy_does_not_let_in_who_is_disabled(header_server):
    """Kept out here means kept out, whatever the proxy says."""
    header_server.add("gone", "admin")
    header_server.app.store.people.change("gone", disabled=True)
    with header_server.client() as client:
        assert client.get("/api/entries", headers={USER: "gone"}).status_code == 401


def test_proxy_does_not_vouch_for_a_page_elsewhere(header_server):
    """A form from elsewhere goes through the proxy too, and is refused all the same."""
    with header_server.client(headers={USER: "mia"}) as client:
        fields = {"text": "brand"}
        assert client.post("/chat", data=fields).status_code == 303
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert client.post("/chat", data=fields, headers=elsewhere).status_code == 403


def test_program_uses_a_token_behind_a_proxy(header_server):
    """A token works where the proxy names nobody."""
    headers = header_server.bearer("robot", "hr")
    with header_server.client() as client:
        assert classify(client, headers) == 200
