"""People on the web: invitations, roles, passwords, sign-ins, tokens; status, settings, audit."""

from __future__ import annotations

import re

import pytest
from store_help import at_once
from web_server import PASSWORD, serving

from bot.config import Config
from bot.web.pages.status import sentence, settings


@pytest.fixture
def desk(live, tmp_path):
    """A server where people sign in."""
    with serving(tmp_path, live, auth="password") as server:
        yield server


def value_in(text, beginning):
    """The value of a field that is shown once."""
    return re.search(rf'value="([^"]*{beginning}[^"]*)"', text)[1]


def test_invitation_is_good_once(desk):
    """Two who press at once: one joins, signed in, with the roles chosen; a later one is told."""
    with desk.signed_in("root", "admin") as admin:
        page = admin.post("/people/invite", data={"role": ["hr"], "name": "Zoe", "hours": "5"})
        path = re.search(r"/invite/\S+", value_in(page.text, "/invite/"))[0]
    fields = {"name": "Zoe", "password": PASSWORD}

    def join():
        with desk.client() as client:
            assert client.get(path).status_code in (200, 404)
            answer = client.post(path, data=fields)
            return answer.status_code, client.get("/account").status_code

    assert sorted(at_once([join] * 3)) == [(303, 200), (404, 303), (404, 303)]
    assert desk.app.store.people.by_name("Zoe").roles == ("hr",)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "Zoe", "password": "short"}, "10 to 200"),
        ({"name": "root", "password": PASSWORD}, "taken"),
        ({"name": " ", "password": PASSWORD}, "1 to 80"),
    ],
)
def test_invitation_stays_good_where_joining_fails(desk, fields, told):
    """What is wrong is told, and the link still works."""
    with desk.signed_in("root", "admin") as admin, desk.client() as client:
        page = admin.post("/people/invite", data={"role": ["staff"]})
        path = re.search(r"/invite/\S+", value_in(page.text, "/invite/"))[0]
        answer = client.post(path, data=fields)
        assert (answer.status_code, told in answer.text) == (422, True)
        right = {"name": "Zoe", "password": PASSWORD}
        assert client.post(path, data=right).status_code == 303


def test_roles_and_keeping_out_work_at_once(desk):
    """With other roles one signs in anew; who is kept out has no sign-in and no token any more."""
    with desk.signed_in("root", "admin") as admin, desk.signed_in("Ann", "staff") as ann:
        id_ = desk.app.store.people.by_name("Ann").id
        token = desk.bearer("Ann")
        admin.post(f"/people/{id_}", data={"act": "roles", "role": ["staff", "editor"]})
        assert ann.get("/account").status_code == 303
        assert desk.app.store.people.by_name("Ann").roles == ("staff", "editor")
        token = desk.bearer("Ann")
        admin.post(f"/people/{id_}", data={"act": "disable"})
        with desk.client(headers=token) as program:
            assert program.get("/api/checklists").status_code == 401
        assert "blocked" in admin.get("/people").text


@pytest.mark.parametrize("fields", [{"act": "disable"}, {"act": "roles", "role": ["staff"]}])
def test_last_administrator_stays_one(desk, fields):
    """Nobody locks everybody out."""
    with desk.signed_in("root", "admin") as admin:
        id_ = desk.app.store.people.by_name("root").id
        answer = admin.post(f"/people/{id_}", data=fields)
        assert (answer.status_code, "last administrator" in answer.text) == (409, True)
        assert admin.get("/people").status_code == 200


@pytest.mark.parametrize("path", ["/people", "/people/status"])
@pytest.mark.parametrize("role", ["staff", "hr", "manager", "editor"])
def test_people_are_for_administrators(desk, path, role):
    """Everyone else may not even look."""
    with desk.signed_in(role.title(), role) as client:
        assert client.get(path).status_code == 403
        assert client.post("/people/invite", data={"role": "admin"}).status_code == 403


def test_own_password_ends_other_sign_ins(desk):
    """The old one must be known; this browser stays signed in, others do not."""
    with desk.signed_in("Ann", "staff") as here, desk.signed_in("Ann", "staff") as there:
        fields = {"old": PASSWORD, "new": "another long one", "again": "another long one"}
        for wrong, told in [({"old": "x"}, "is wrong"), ({"again": "y" * 12}, "do not match")]:
            answer = here.post("/account/access/password", data=fields | wrong)
            assert (answer.status_code, told in answer.text) == (422, True)
        assert here.post("/account/access/password", data=fields).status_code == 303
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 303


def test_own_token_is_shown_once_and_can_be_ended(desk):
    """A program works with it until its owner ends it."""
    with desk.signed_in("Ann", "staff") as client:
        page = client.post("/account/access/token", data={"label": "<report>", "days": "3"}).text
        token = re.search(r'readonly value="([^"]+)"', page)[1]
        with desk.client(headers={"authorization": f"Bearer {token}"}) as program:
            assert program.get("/api/checklists").status_code == 200
            page = client.get("/account/access").text
            assert token not in page
            assert "&lt;report&gt;" in page
            person = desk.app.store.people.by_name("Ann").id
            (name,) = [s.name for s in desk.app.store.people.sessions(person) if s.label]
            client.post("/account/access/end", data={"session": name})
            assert program.get("/api/checklists").status_code == 401


def test_sessions_of_others_cannot_be_ended(desk):
    """Whoever knows the name of another's sign-in ends nothing by it; nor does a wildcard."""
    with desk.signed_in("Ann", "staff") as ann, desk.signed_in("Bob", "staff") as bob:
        (one,) = desk.app.store.people.sessions(desk.app.store.people.by_name("Ann").id)
        for name in (one.name, "%", "_"):
            bob.post("/account/access/end", data={"session": name})
        assert ann.get("/account").status_code == 200
        assert bob.get("/account").status_code == 200


def test_status_tells_settings_audit_and_the_doctors_words(desk):
    """In sentences, with where each setting comes from."""
    with desk.signed_in("root", "admin") as admin:
        page = admin.get("/people/status").text
        assert "root signed in." in page
        assert re.search(r"auth</code></th><td>password</td><td[^>]*>configuration", page)
        assert 'class="findings"' in admin.get("/people/status?check=true").text


def test_settings_show_no_secret(monkeypatch):
    """The password in the URL of a database is masked, wherever it comes from."""
    monkeypatch.setenv("ZHIWEN_DATABASE", "postgresql://z:verysecretword@db/z")
    found = {name: (value, source) for name, value, source in settings(Config())}
    assert "verysecretword" not in str(found)
    assert found["database"][1] == "environment"
    assert found["port"] == ("8080", "default")


def test_audit_tells_what_it_does_not_know():
    """A line of a later release is shown as it is."""
    row = {"by": "Ann", "action": "fly", "target": "moon", "detail": ""}
    assert sentence(row, "en") == "Ann: fly moon -"
