"""Entries must fit together: each broken place is named, and all of them at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.engine.check import MAX_ITEMS, MAX_KILLERS, check
from knowledge.engine.load import load

Content = dict[str, dict[str, Any] | list[Any] | str]

SAID = {"zh": "甲", "en": "A"}
SOURCE = {
    "id": "talk",
    "author": SAID,
    "title": SAID,
    "outlet": SAID,
    "passages": [{"id": "0", **SAID}],
}


def entry(id_: str, **fields: Any) -> dict[str, Any]:
    """What every entry needs, with a title of its own."""
    return {
        "id": id_,
        "title": f"Title of {id_}",
        "origin": "general",
        "summary": "Says what it is.",
        "examples": ["one", "two"],
        "near_misses": ["three"],
        **fields,
    }


def concept(slug: str, **fields: Any) -> dict[str, Any]:
    """A whole concept."""
    return entry(f"concept.{slug}", definition="d", **fields)


def metric(slug: str, **fields: Any) -> dict[str, Any]:
    """A whole metric."""
    return entry(
        f"metric.{slug}", **{**dict.fromkeys(("definition", "formula", "unit"), "d"), **fields}
    )


def comparison(of: list[str], *rows: list[str]) -> dict[str, Any]:
    """A comparison with these rows of cells."""
    told = [{"dimension": f"d{i}", "cells": cells} for i, cells in enumerate(rows)]
    prose = {"in_common": ["x"], "how_they_work_together": ["x"], "verdict": "x"}
    return entry("comparison.x", of=of, rows=told, **prose)


def checklist(*pauses: tuple[int, int]) -> dict[str, Any]:
    """A checklist; each pause point given as (items, killers among them)."""
    points = [
        {
            "name": "p",
            "caller": "c",
            "items": [{"text": "t", "done_when": "d", "killer": i < killers} for i in range(items)],
        }
        for items, killers in pauses
    ]
    return entry("checklist.x", mode="read_do", pause_points=points)


def tiny(**extra: Any) -> Content:
    """A sound content folder: one source, a concept that cites it, one to link to, one metric."""
    return {
        "sources.yaml": [SOURCE],
        "concepts/cited.yaml": concept("cited", origin="article", sources=["talk#0"]),
        "concepts/plain.yaml": concept("plain", related=["concept.cited"]),
        "metrics/rate.yaml": metric("rate", read_with=[]),
        **extra,
    }


@pytest.fixture
def problems(tmp_path):
    """Writes content below ``tmp_path/knowledge`` and finds all problems of it."""

    def finding(content: Content) -> list[str]:
        root: Path = tmp_path / "knowledge"
        for name, value in content.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = value if isinstance(value, str) else json.dumps(value, indent=1)  # JSON is YAML
            path.write_text(text, encoding="utf-8")
        loaded = load(root)
        return [str(problem) for problem in sorted(loaded.problems + check(loaded))]

    return finding


def test_check_finds_nothing_in_sound_content(problems):
    """Content that fits together has no problem."""
    assert problems(tiny()) == []


ENTRY = "concepts/x.yaml"
RETIRED = {"concepts/old.yaml": concept("old", status="retired")}
RESTRICTED = {"concepts/pay.yaml": concept("pay", restricted_to=["hr"])}
BROKEN = [
    pytest.param(
        {ENTRY: concept("x", related=["concept.none"])},
        "there is no entry 'concept.none'",
        id="broken-link",
    ),
    pytest.param(
        {"metrics/x.yaml": metric("x", read_with=["concept.plain"])},
        "'concept.plain' should be a metric",
        id="wrong-kind",
    ),
    pytest.param(
        {ENTRY: concept("x", related=["concept.old"]), **RETIRED},
        "'concept.old' is retired",
        id="link-to-retired",
    ),
    pytest.param(
        {"comparisons/x.yaml": comparison(["concept.plain", "concept.pay"]), **RESTRICTED},
        "'concept.pay' is restricted to hr, and this entry is shown to staff, manager, editor",
        id="link-to-restricted",
    ),
    pytest.param(
        {
            "comparisons/x.yaml": {
                **comparison(["concept.plain", "concept.pay"]),
                "restricted_to": ["manager"],
            },
            **RESTRICTED,
        },
        "is shown to manager",
        id="link-to-otherwise-restricted",
    ),
    pytest.param(
        {ENTRY: concept("x", sources=["talk#9"])}, "there is no passage 'talk#9'", id="passage"
    ),
    pytest.param(
        {ENTRY: concept("x", origin="article")}, "must cite at least one", id="article-uncited"
    ),
    pytest.param(
        {ENTRY: concept("x", origin="article", sources=["talk#0"], general=["goal"])},
        "there is no field 'goal'",
        id="general-field-unknown",
    ),
    pytest.param(
        {ENTRY: concept("x", general=["points"])}, "only an entry of origin", id="general-alone"
    ),
    pytest.param({ENTRY: concept("x", examples=["one"])}, "two examples", id="few-examples"),
    pytest.param({ENTRY: concept("x", near_misses=[])}, "one near miss", id="no-near-miss"),
    pytest.param(
        {ENTRY: concept("x", examples=["a", {"ask": "b", "section": "steps"}])},
        "there is no section 'steps'",
        id="unknown-section",
    ),
    pytest.param(
        {ENTRY: concept("x", title="title of CONCEPT.plain ")},
        "is already a name of concept.plain",
        id="title-claimed-twice",
    ),
    pytest.param(
        {ENTRY: concept("x", aliases=["ok", "Titleofconcept.plain"])},
        "is already a name of concept.plain",
        id="alias-claimed-twice",
    ),
    pytest.param(
        {"comparisons/x.yaml": comparison(["concept.plain"], ["a"])}, "two things", id="one-thing"
    ),
    pytest.param(
        {"comparisons/x.yaml": comparison(["concept.plain", "concept.cited"], ["a", "b"], ["a"])},
        "1 cells for 2 things",
        id="cells-too-few",
    ),
    pytest.param(
        {"comparisons/x.yaml": comparison(["concept.plain", "concept.cited"], ["a", "b", "c"])},
        "3 cells for 2 things",
        id="cells-too-many",
    ),
    pytest.param(
        {"checklists/x.yaml": checklist((MAX_ITEMS + 1, 0))},
        "10 items; 1 to 9",
        id="items-too-many",
    ),
    pytest.param({"checklists/x.yaml": checklist((0, 0))}, "0 items; 1 to 9", id="no-items"),
    pytest.param(
        {"checklists/x.yaml": checklist((5, 1), (5, MAX_KILLERS + 1))},
        "4 killer items; at most 3",
        id="killers-too-many",
    ),
    pytest.param({ENTRY: concept("y")}, "id 'concept.y' should be 'concept.x'", id="id-of-file"),
    pytest.param({"concepts/x.yml": concept("x")}, "the ending must be .yaml", id="ending"),
    pytest.param(
        {"translations/en/concepts/x.yaml": {"title": "X"}}, "no entry concept.x", id="orphan"
    ),
    pytest.param(
        {"translations/ja/concepts/plain.yaml": {"aliases": ["X"]}},
        "missing key 'title'",
        id="translation-untitled",
    ),
    pytest.param(
        {
            "translations/ja/metrics/rate.yaml": {
                "title": "X",
                "aliases": ["Title of concept.plain"],
            }
        },
        "is already a name of concept.plain",
        id="name-claimed-across-languages",
    ),
    pytest.param(
        {"translations/en/concepts/plain.yaml": {"title": "X", "near_misses": ["a"]}},
        "needs at least two examples",
        id="english-without-proof",
    ),
]


@pytest.mark.parametrize(("extra", "message"), BROKEN)
def test_check_names_the_broken_place(problems, extra, message):
    """One thing wrong is one problem, in the file that has it."""
    (problem,) = problems(tiny(**extra))
    assert message in problem
    assert problem.split(":")[0] in {f"knowledge/{name}" for name in extra}


def test_check_names_all_broken_places_at_once(problems):
    """Every problem of every file is named in one go."""
    own = {
        "concepts/bad_link.yaml": concept("bad_link", related=["concept.none", "metric.none"]),
        "concepts/bad_proof.yaml": concept("bad_proof", examples=["one"], near_misses=[]),
        "metrics/bad_kind.yaml": metric("bad_kind", read_with=["concept.plain"]),
        "comparisons/x.yaml": comparison(["concept.plain", "concept.none"], ["a"], ["a", "b"]),
        "checklists/x.yaml": checklist((MAX_ITEMS + 1, MAX_KILLERS + 1)),
        "concepts/broken.yaml": "id: [",
    }
    found = problems(tiny(**own))
    assert {problem.split(":")[0] for problem in found} == {f"knowledge/{name}" for name in own}
    assert len(found) == 2 + 2 + 1 + 2 + 2 + 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("related:\n  - concept.cited\n  - concept.none\n", 10, id="item-of-a-list"),
        pytest.param("related: [concept.none]\n", 8, id="flow-list"),
    ],
)
def test_check_names_the_line(problems, text, line):
    """The line is that of the link, not of the file."""
    head = "id: concept.x\ntitle: X\norigin: general\nsummary: s\ndefinition: d\n"
    proof = "examples: [a, b]\nnear_misses: [c]\n"
    (problem,) = problems(tiny(**{ENTRY: head + proof + text}))
    assert problem.startswith(f"knowledge/{ENTRY}:{line}: error: ")


def test_check_names_an_uncited_passage(problems):
    """A passage that no entry relies on is named at its place in the sources."""
    source = {**SOURCE, "passages": [{"id": "0", **SAID}, {"id": "1.2", **SAID}]}
    (problem,) = problems(tiny(**{"sources.yaml": [source]}))
    assert problem.startswith("knowledge/sources.yaml:")
    assert problem.endswith("no entry cites talk#1.2")


def test_check_names_an_uncited_passage_behind_a_source_given_twice(problems):
    """Places are those of the file, whatever else is wrong in it."""
    again = {**SOURCE, "passages": [{"id": "7", **SAID}]}
    late = {**SOURCE, "id": "late", "passages": [{"id": "0", **SAID}]}
    found = problems(tiny(**{"sources.yaml": [SOURCE, again, late]}))
    lines = json.dumps([SOURCE, again, late], indent=1).splitlines()
    twice = [i for i, line in enumerate(lines, 1) if '"id": "talk"' in line][1]
    uncited = [i for i, line in enumerate(lines, 1) if '"id": "0"' in line][1] - 1
    assert found == [
        f"knowledge/sources.yaml:{twice}: error: there is already a source 'talk'",
        f"knowledge/sources.yaml:{uncited}: error: no entry cites late#0",
    ]


def test_check_names_the_line_of_a_claimed_alias(problems):
    """The line is that of the alias, not of the list it stands in."""
    text = "title: X\naliases:\n- free\n- 「Title of CONCEPT.plain」\n"
    (problem,) = problems(tiny(**{"translations/ja/metrics/rate.yaml": text}))
    assert problem.startswith("knowledge/translations/ja/metrics/rate.yaml:4: error: ")


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(
            {"checklists/x.yaml": checklist((MAX_ITEMS, MAX_KILLERS), (1, 0))}, id="limits"
        ),
        pytest.param(
            {"concepts/old.yaml": concept("old", status="retired", title="Title of concept.plain")},
            id="name-of-a-retired-entry",
        ),
        pytest.param({ENTRY: concept("x", aliases=["Title of concept.x"])}, id="own-name-twice"),
        pytest.param(
            {"translations/ja/concepts/plain.yaml": {"title": "Title of concept.plain"}},
            id="same-name-in-another-language",
        ),
        pytest.param(
            {"translations/ko/concepts/plain.yaml": {"title": "Only a name"}},
            id="names-need-no-proof",
        ),
        pytest.param(
            {"comparisons/x.yaml": comparison(["concept.plain", "metric.rate"], ["a", "b"])},
            id="comparison-of-two-kinds",
        ),
    ],
)
def test_check_allows(problems, extra):
    """What looks close to a mistake but is none is left alone."""
    assert problems(tiny(**extra)) == []


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        pytest.param("ＫＯＬ", "kol", id="width"),
        pytest.param("營銷", "营销", id="traditional"),
        pytest.param("A/B", "A B", id="slash"),
        pytest.param("「品牌」", "品牌", id="quotes"),
    ],
)
def test_check_claims_a_name_in_every_spelling(problems, mine, theirs):
    """Names that a question cannot tell apart are the same name."""
    extra = {
        "concepts/a.yaml": concept("a", title=mine),
        "concepts/b.yaml": concept("b", title=theirs),
    }
    assert len(problems(tiny(**extra))) == 1


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        pytest.param([SOURCE, SOURCE], "talk", id="source-twice"),
        pytest.param(
            [{**SOURCE, "passages": [{"id": "0", **SAID}, {"id": "0", **SAID}]}],
            "talk#0",
            id="passage-twice",
        ),
    ],
)
def test_check_refuses_a_source_given_twice(problems, sources, message):
    """A passage id names one passage."""
    found = problems(tiny(**{"sources.yaml": sources}))
    assert any(message in problem for problem in found)


@pytest.mark.parametrize("text", ["- title\n", "just text\n"], ids=["list", "text"])
def test_check_refuses_a_translation_without_keys(problems, text):
    """A translation that is a list or a line of text is not passed over in silence."""
    assert problems(tiny(**{"translations/en/concepts/plain.yaml": text}))


def test_check_misses_the_sources(problems):
    """Without a list of sources nothing can be cited, and that is said."""
    content = tiny()
    del content["sources.yaml"]
    assert any("there is no sources.yaml" in problem for problem in problems(content))
