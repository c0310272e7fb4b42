"""Plain values become the model's dataclasses, and translations are laid over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from knowledge.engine import shape
from knowledge.engine.asking import Example
from knowledge.engine.marks import Link, PerLanguage, Structure
from knowledge.engine.source import read


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    owner: Annotated[str, Link(("role",))] | None = None
    killer: bool = False
    with_: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: Annotated[str, Structure(r"[a-z]+", "a slug")]
    title: str
    mode: Literal["fast", "slow"] = "fast"
    aliases: Annotated[tuple[str, ...], PerLanguage()] = ()
    number: int | None = None
    note: str | None = None
    lines: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    examples: Annotated[tuple[Example, ...], PerLanguage()] = ()


BASE = Thing(
    id="a",
    title="Titel",
    aliases=("Name",),
    number=3,
    lines=("eins", "zwei"),
    parts=(Part("Teil", owner="role.x", killer=True), Part("Rest")),
    examples=(Example("Was?"),),
)


@pytest.fixture
def document(tmp_path):
    """Reads YAML text strictly."""

    def reading(text: str):
        path = tmp_path / "thing.yaml"
        path.write_text(text, encoding="utf-8")
        return read(path, "thing.yaml")

    return reading


@pytest.fixture
def build(document):
    """(thing, document) from YAML text."""

    def building(text: str):
        read_ = document(text)
        return shape.build(Thing, read_, read_.value), read_

    return building


@pytest.fixture
def translate(document):
    """(thing, problems as (line, message)) from YAML laid over BASE."""

    def translating(text: str):
        read_ = document(text)
        thing = shape.translate(BASE, read_, read_.value)
        return thing, [(problem.line, problem.message) for problem in read_.problems]

    return translating


def test_shape_build_makes_the_whole_value(build):
    """Nested lists, defaults, underscored names and short examples all arrive."""
    thing, read_ = build(
        "id: a\ntitle: ' T '\nmode: slow\nnumber: 2\nlines: [x, y]\n"
        "parts:\n  - {name: p, with: q}\n"
        "examples:\n  - what\n  - {ask: how, section: lines}\n"
    )
    assert read_.problems == []
    assert thing == Thing(
        id="a",
        title="T",
        mode="slow",
        number=2,
        lines=("x", "y"),
        parts=(Part("p", with_="q"),),
        examples=(Example("what"), Example("how", "lines")),
    )


@pytest.mark.parametrize(
    ("extra", "line", "message"),
    [
        pytest.param("colour: red", 3, "unknown key 'colour'; known: id, title", id="unknown"),
        pytest.param("alias: [x]", 3, "did you mean 'aliases'?", id="unknown-but-close"),
        pytest.param("with_: x", 3, "unknown key 'with_'", id="python-name-is-no-key"),
        pytest.param("parts:\n  - {name: p, x: y}", 4, "unknown key 'x'", id="unknown-nested"),
        pytest.param("parts:\n  - {killer: true}", 4, "missing key 'name'", id="missing-nested"),
        pytest.param(
            "parts:\n  - p", 4, "expected keys and values, found text", id="text-for-part"
        ),
        pytest.param("lines: one", 3, "lines: expected a list, found text", id="text-for-list"),
        pytest.param(
            "lines:\n  - one\n  - 2", 5, "expected text, found a whole", id="int-for-text"
        ),
        pytest.param(
            "lines:\n  - one\n  - [x]", 5, "expected text, found a list", id="list-for-text"
        ),
        pytest.param("note: 12", 3, "note: expected text, found a whole number", id="note-int"),
        pytest.param("note: {a: b}", 3, "note: expected text, found keys", id="note-mapping"),
        pytest.param("note: '  '", 3, "note: empty text", id="blank"),
        pytest.param("number: many", 3, "number: expected a whole number, found text", id="word"),
        pytest.param("number: true", 3, "expected a whole number, found true", id="bool-for-int"),
        pytest.param("mode: quick", 3, "mode: expected one of fast, slow", id="closed-list"),
        pytest.param("mode: [fast]", 3, "mode: expected one of fast, slow", id="list-for-choice"),
        pytest.param(
            "parts:\n  - name: p\n    killer: 'true'",
            5,
            "expected true or false",
            id="text-for-bool",
        ),
        pytest.param(
            "examples:\n  - {section: lines}", 4, "missing key 'ask'", id="example-no-ask"
        ),
        pytest.param(
            "examples:\n  - {ask: x, section: A B}", 4, "'A B' is not", id="section-shape"
        ),
    ],
)
def test_shape_build_names_what_does_not_fit(build, extra, line, message):
    """Each misfit is one problem at its line that says what was expected."""
    _, read_ = build(f"id: a\ntitle: T\n{extra}\n")
    (problem,) = read_.problems
    assert problem.line == line
    assert message in problem.message


def test_shape_build_names_a_missing_key(build):
    """A required key that is absent is a problem of the whole."""
    _, read_ = build("id: a\n")
    assert [problem.message for problem in read_.problems] == ["missing key 'title'"]


def test_shape_build_holds_structure_to_its_pattern(build):
    """An id that is no id says what one looks like."""
    _, read_ = build("title: T\nid: A1\n")
    assert [str(problem) for problem in read_.problems] == [
        "thing.yaml:2: error: id: 'A1' is not a slug"
    ]


def test_shape_build_says_it_once_when_the_scalar_was_refused(build):
    """A value refused as ambiguous is not refused a second time for its type."""
    _, read_ = build("id: a\ntitle: no\n")
    assert len(read_.problems) == 1


def test_shape_build_collects_every_problem(build):
    """All misfits of one file are named at once."""
    _, read_ = build("id: A1\nmode: x\nlines: y\nparts: [{nam: z}]\n")
    assert len(read_.problems) == 6


@pytest.mark.parametrize("text", ["- a\n", "just text\n", "12\n"])
def test_shape_build_refuses_what_has_no_keys(build, text):
    """A file that is a list or a line of text is refused as a whole."""
    thing, read_ = build(text)
    assert thing is None
    assert len(read_.problems) == 1


def test_shape_translate_replaces_prose_and_keeps_structure(translate):
    """Prose is said anew; ids, links and marks stay without being repeated."""
    thing, problems = translate(
        "title: title\nlines: [one, two]\nparts:\n  - {name: part}\n  - {name: rest}\n"
    )
    assert problems == []
    assert (thing.id, thing.number, thing.title) == ("a", 3, "title")
    assert thing.lines == ("one", "two")
    assert thing.parts == (Part("part", owner="role.x", killer=True), Part("rest"))


def test_shape_translate_falls_back_to_the_primary_language(translate):
    """Prose that a translation leaves out stays as the primary language has it."""
    thing, problems = translate("title: title\n")
    assert problems == []
    assert (thing.lines, thing.parts) == (BASE.lines, BASE.parts)


def test_shape_translate_never_borrows_what_each_language_fills(translate):
    """Names and examples of one language are none in another."""
    thing, _ = translate("title: title\n")
    assert (thing.aliases, thing.examples) == ((), ())


def test_shape_translate_lets_each_language_fill_its_lists(translate):
    """Lists marked per language may have any length."""
    thing, problems = translate(
        "title: t\naliases: [a, b, c]\nexamples: [{ask: q, section: lines}]\n"
    )
    assert problems == []
    assert thing.aliases == ("a", "b", "c")
    assert thing.examples == (Example("q", "lines"),)


def test_shape_translate_allows_structure_that_is_the_same(translate):
    """Repeating structure is allowed where it says the same."""
    _, problems = translate("id: a\nmode: fast\nnumber: 3\nparts: [{owner: role.x}, {name: r}]\n")
    assert problems == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("id: b", 2, "id: differs from the primary language, which has 'a'", id="id"),
        pytest.param("mode: slow", 2, "mode: differs from the primary language", id="choice"),
        pytest.param("number: 4", 2, "which has 3", id="number"),
        pytest.param(
            "parts:\n  - {owner: role.y}\n  - {name: r}", 3, "which has 'role.x'", id="nested-link"
        ),
        pytest.param(
            "parts:\n  - {name: p}\n  - {killer: true}", 4, "which has False", id="nested-mark"
        ),
        pytest.param("lines: [one]", 2, "1 items, but the primary language has 2", id="shorter"),
        pytest.param("lines: [a, b, c]", 2, "3 items, but the primary language has 2", id="longer"),
        pytest.param("lines: one", 2, "no items, but the primary language has 2", id="no-list"),
        pytest.param("lines: [one, 2]", 2, "expected text, found a whole number", id="wrong-type"),
        pytest.param("parts: [x, {name: y}]", 2, "expected keys and values", id="text-for-part"),
        pytest.param("note: more", 2, "the primary language has no such text", id="prose-too-many"),
        pytest.param("titel: x", 2, "did you mean 'title'?", id="unknown-key"),
        pytest.param("parts: [{nam: x}, {name: y}]", 2, "unknown key 'nam'", id="unknown-nested"),
    ],
)
def test_shape_translate_names_what_differs(translate, text, line, message):
    """A translation whose shape is not that of the original is named at its line."""
    _, problems = translate(f"title: t\n{text}\n")
    assert len(problems) == 1
    assert problems[0][0] == line
    assert message in problems[0][1]


def test_shape_translate_collects_every_problem(translate):
    """All differences of one translation are named at once."""
    _, problems = translate("id: b\nlines: [x]\nzzz: y\nparts: [{killer: false}, {nam: z}]\n")
    assert len(problems) == 5


def test_shape_untranslated_lists_prose_left_out():
    """Keys of prose that the original has and the translation lacks are listed; no structure."""
    given = {"title": "t", "aliases": [], "examples": []}
    assert shape.untranslated_keys(Thing, given, BASE) == ["lines", "parts"]


def test_shape_untranslated_leaves_out_what_each_language_fills():
    """Lists per language never fall back, so they are not missing from a translation either."""
    assert shape.untranslated_keys(Thing, {"title": "t"}, BASE) == ["lines", "parts"]


@pytest.mark.parametrize(
    ("name", "prose"),
    [("title", True), ("note", True), ("id", False), ("mode", False), ("number", False)],
)
def test_shape_prose_is_a_plain_string(name, prose):
    """Only text without a mark is said differently in another language."""
    (hint,) = (field.hint for field in shape.fields_of(Thing) if field.name == name)
    assert shape.is_prose(hint) is prose


def test_shape_fields_drop_the_trailing_underscore():
    """A field named ``with_`` for Python's sake is written ``with`` in YAML."""
    assert [field.key for field in shape.fields_of(Part)] == ["name", "owner", "killer", "with"]
