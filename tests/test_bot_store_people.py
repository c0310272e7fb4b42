"""People have roles, sign-ins that end, and one identity in each place; secrets are not kept."""

from __future__ import annotations

import pytest
from store_help import at_once, everything, texts

from bot.errors import BadInput
from bot.store import Conflict, NotFound
from bot.store.people import ROLES, SESSION_SECONDS

BAD_NAMES = ["", " ", " Ann", "-", "A" * 81, "A\nB", "A\x00B", "A\x7f"]
CHANGES = [
    ("roles", {"roles": ("editor",)}),
    ("password", {"password": "hash"}),
    ("disabled", {"disabled": True}),
]


def test_people_are_found_by_id_and_by_name(store):
    """Who was added is there, with name and roles, and all are listed by name."""
    bob = store.people.add("Bob", ("hr", "manager"))
    ann = store.people.add("安娜", ())
    assert store.people.get(bob.id) == store.people.by_name("Bob") == bob
    assert (bob.roles, bob.disabled) == (("hr", "manager"), False)
    assert store.people.all() == [bob, ann]


def test_people_have_different_names(store):
    """A name that is taken is refused, also when two take it at the same moment."""
    store.people.add("Bob", ())
    with pytest.raises(Conflict):
        store.people.add("Bob", ("admin",))
    given = at_once([lambda: store.people.add("Ann", ("staff",)) for _ in range(4)])
    assert sorted(type(one).__name__ for one in given) == ["Conflict"] * 3 + ["Person"]
    assert [(person.name, person.roles) for person in store.people.all()] == [
        ("Ann", ("staff",)),
        ("Bob", ()),
    ]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_people_names_that_cannot_be_one_are_refused(store, name):
    """Empty, too long, with control characters, or what stands for nobody."""
    with pytest.raises(BadInput):
        store.people.add(name, ())
    assert store.people.all() == []


def test_people_names_of_full_length_are_kept(store):
    """Eighty characters of any script are a name."""
    assert store.people.by_name(store.people.add("安" * 80, ROLES).name).roles == ROLES


def test_people_have_no_roles_but_the_known(store):
    """A role nobody defined is refused when adding and when changing."""
    with pytest.raises(BadInput, match="boss"):
        store.people.add("Ann", ("boss",))
    store.people.add("Ann", ("hr",))
    with pytest.raises(BadInput, match="boss"):
        store.people.change("Ann", roles=("hr", "boss"))
    assert store.people.by_name("Ann").roles == ("hr",)


@pytest.mark.parametrize("find", ["get", "by_name"])
def test_people_unknown_are_gone(store, find):
    """Neither an unknown id nor an unknown name is somebody."""
    with pytest.raises(NotFound):
        getattr(store.people, find)("nobody")
    with pytest.raises(NotFound):
        store.people.change("nobody", roles=("hr",))
    assert store.people.password_of("nobody") is None


def test_people_change_only_what_is_given(store):
    """Roles change without the password, the password without the roles; enabling undoes."""
    ann = store.people.add("Ann", ("staff",), "first")
    store.people.change("Ann", roles=("hr", "editor"))
    assert store.people.password_of("Ann") == (store.people.get(ann.id), "first")
    store.people.change("Ann", password="second", disabled=True)
    person, password = store.people.password_of("Ann")
    assert (person.roles, person.disabled, password) == (("hr", "editor"), True, "second")
    store.people.change("Ann", disabled=False)
    assert not store.people.get(ann.id).disabled


def test_session_is_the_person_until_it_ends(store, clock):
    """A session is good for its time and not a second longer."""
    ann = store.people.add("Ann", ("staff",))
    token = store.people.open_session(ann.id)
    clock.pass_(SESSION_SECONDS - 1)
    assert store.people.session(token) == ann
    clock.pass_(1)
    assert store.people.session(token) is None


def test_session_secret_is_kept_as_a_hash_only(store):
    """Whoever reads the database cannot sign in with what stands there."""
    ann = store.people.add("Ann", ())
    token = store.people.open_session(ann.id)
    kept = list(texts(everything(store)))
    assert not [text for text in kept if token in text]
    (stored,) = everything(store)["sessions"]
    assert store.people.session(stored["token"]) is None


def test_session_secrets_differ(store):
    """Each sign-in has a secret of its own, and closing one leaves the other."""
    ann = store.people.add("Ann", ())
    one, two = store.people.open_session(ann.id), store.people.open_session(ann.id)
    assert one != two
    assert len(one) >= 40
    store.people.close_session(one)
    store.people.close_session(one)
    assert (store.people.session(one), store.people.session(two)) == (None, ann)


@pytest.mark.parametrize("change", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_session_ends_when_the_person_changes(store, change):
    """New roles, a new password and disabling end what is open, and nobody else's."""
    ann, bob = store.people.add("Ann", ()), store.people.add("Bob", ())
    hers, his = store.people.open_session(ann.id), store.people.open_session(bob.id)
    store.people.change("Ann", **change)
    assert store.people.session(hers) is None
    assert store.people.session(his) == bob


def test_session_of_a_disabled_person_is_no_session(store):
    """Not even one that was opened afterwards."""
    ann = store.people.add("Ann", ())
    store.people.link(ann.id, "telegram", "7")
    store.people.change("Ann", disabled=True)
    assert store.people.session(store.people.open_session(ann.id)) is None
    assert store.people.by_identity("telegram", "7").disabled


@pytest.mark.parametrize("token", ["", "x", "é" * 5_000, "a\x00b", "\ud83d"])
def test_session_of_any_text_is_nobody(store, token):
    """What a forged cookie holds finds no one and breaks nothing."""
    assert store.people.session(token) is None
    store.people.close_session(token)


def test_session_for_someone_who_has_gone_is_refused(store):
    """A person erased meanwhile cannot be signed in."""
    with pytest.raises(NotFound):
        store.people.open_session("nobody")


def test_identity_belongs_to_one_person(store):
    """A person has several identities; linking one to another person moves it."""
    ann, bob = store.people.add("Ann", ()), store.people.add("Bob", ())
    store.people.link(ann.id, "telegram", "7")
    store.people.link(ann.id, "wecom", "7")
    store.people.link(bob.id, "telegram", "7")
    store.people.link(bob.id, "telegram", "7")
    assert store.people.by_identity("telegram", "7") == bob
    assert store.people.by_identity("wecom", "7") == ann
    assert store.people.by_identity("wecom", "8") is None


def test_identity_of_any_length_is_told_apart(store):
    """Two long identities that begin alike are two people."""
    ann, bob = store.people.add("Ann", ()), store.people.add("Bob", ())
    store.people.link(ann.id, "oa", "o" * 200 + "1")
    store.people.link(bob.id, "oa", "o" * 200 + "2")
    assert store.people.by_identity("oa", "o" * 200 + "1") == ann
    assert store.people.by_identity("oa", "o" * 200 + "2") == bob


def test_identity_of_nobody_is_refused(store):
    """Only someone who exists can be known as something."""
    with pytest.raises(NotFound):
        store.people.link("nobody", "telegram", "7")
    assert store.people.by_identity("telegram", "7") is None


def test_identity_linked_twice_at_once_belongs_to_one(store):
    """Two links of the same identity at one moment end with one person, and no error."""
    people = [store.people.add(name, ()) for name in ("Ann", "Bob", "Cem", "Dan")]
    given = at_once([lambda p=p: store.people.link(p.id, "telegram", "7") for p in people])
    assert given == [None] * 4
    assert store.people.by_identity("telegram", "7") in people
