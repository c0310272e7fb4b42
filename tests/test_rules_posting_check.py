"""Every lint fires on the break it is for, and on nothing in the rules as shipped."""

from __future__ import annotations

import pytest
from small_rules import change, put, write

from rules.postings.check import check

KEEPING = "functions/keeping.yaml"
EXAMPLES = "functions/keeping.postings.yaml"
BROKEN = {
    "own-signal-blocked": (KEEPING, "[狮子座]", "[狮子座, 照料獅子]", KEEPING, "own signal"),
    "weight": (KEEPING, "weight: 3", "weight: 5", KEEPING, "a weight is 1, 2, 3 or 4"),
    "weight-zero": (KEEPING, "weight: 3", "weight: 0", KEEPING, "a weight is 1, 2, 3 or 4"),
    "key-order": (KEEPING, "status: stable\n", "", KEEPING, "in this order"),
    "unknown-neighbour": (
        KEEPING,
        "- {with: dancing",
        "- {with: singing, tell: {zh: 名, en: name}}\n  - {with: dancing",
        KEEPING,
        "there is no function 'singing'",
    ),
    "ungrouped": (
        "groups.yaml",
        "[keeping, dancing]",
        "[dancing]",
        "groups.yaml",
        "'keeping' must be in one group",
    ),
    "grouped-twice": (
        "groups.yaml",
        "[keeping, dancing]",
        "[keeping, dancing, dancing]",
        "groups.yaml",
        "'dancing' must be in one group",
    ),
    "unknown-in-group": (
        "groups.yaml",
        "[keeping, dancing]",
        "[keeping, dancing, singing]",
        "groups.yaml",
        "there is no function 'singing'",
    ),
    "no-code": (
        "crosswalk.yaml",
        '- function: dancing\n  codes: [{scheme: isco, code: "2653", match: close, title: Dancers, '
        "mark: D}]\n",
        "",
        "crosswalk.yaml",
        "no occupation code for 'dancing'",
    ),
    "odd-pattern": (
        "flags.yaml",
        '"颜值(?:高|在线)"',
        '"颜值(?:高|在线"',
        "flags.yaml",
        "no regular expression",
    ),
    "level-pattern": (
        "levels.yaml",
        '"(?P<low>\\\\d{1,3}) direct reports"',
        '"[direct reports"',
        "levels.yaml",
        "no regular expression",
    ),
    "level-group": (
        "levels.yaml",
        '"(?P<low>\\\\d{1,3}) direct reports"',
        '"many direct reports"',
        "levels.yaml",
        "has no group 'low'",
    ),
    "posting-lost": (
        EXAMPLES,
        "title: 狮子专员, description: 照料狮子",
        "description: 照料海豚",
        EXAMPLES,
        "is won by dancing",
    ),
    "too-few-postings": (
        EXAMPLES,
        "  - {lang: ko, title: 사자 담당, description: 사자 돌봄}\n",
        "",
        EXAMPLES,
        "at least 4 postings",
    ),
    "other-examples": (
        EXAMPLES,
        "function: keeping",
        "function: dancing",
        EXAMPLES,
        "should be 'keeping' in this file",
    ),
    "unreadable-examples": (EXAMPLES, "postings:", "postings: [", EXAMPLES, "not valid YAML"),
    "examples-of-no-shape": (
        EXAMPLES,
        "- {lang: zh, ",
        "- {lang: fr, ",
        EXAMPLES,
        "expected one of zh, en, ja, ko",
    ),
}
NEAR = "near_misses:\n  - {lang: zh, title: 公告, description: 照料海豚"


@pytest.fixture
def root(tmp_path):
    """A small set of rules that may be broken."""
    return write(tmp_path / "rules")


def told(root):
    """(file, message) of every problem, files below the rules."""
    return [(p.file.removeprefix("rules/"), p.message) for p in check(root)]


def test_check_finds_nothing_in_the_shipped_rules():
    """The rules as shipped are whole, and every example posting comes out as it should."""
    assert check() == []


def test_check_finds_nothing_in_whole_rules(root):
    """What the tests below break was whole."""
    assert check(root) == []


@pytest.mark.parametrize("name", BROKEN)
def test_check_names_what_is_broken(root, name):
    """One broken place gives one problem, in its file."""
    file, old, new, where, message = BROKEN[name]
    change(root / file, old, new)
    if name == "key-order":
        change(root / file, "titles:", "status: stable\ntitles:")
    ((found, said),) = told(root)
    assert found == where
    assert message in said


def test_check_wants_confusions_of_functions_only(root):
    """A function names its neighbours; a family need not."""
    text = (root / KEEPING).read_text("utf-8")
    put(root / KEEPING, text[: text.index("confusions:")])
    assert told(root) == [(KEEPING, "a function names the neighbours it is confused with")]


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_check_wants_every_language_of_a_core_duty(root, language):
    """A core duty without a signal in one of the languages is named with the language."""
    path = root / KEEPING
    text = path.read_text("utf-8")
    words = {
        "zh": ("照料狮子", "狮子"),
        "en": ("lion care", "lion"),
        "ja": ("ライオンの世話", "ライオン"),
    }
    for word in words.get(language, ("사자 돌봄", "사자")):
        text = text.replace(f"{language}: [{word}]", f"{language}: []")
    put(path, text)
    assert (KEEPING, f"core duty 'care' has no signal in {language}") in told(root)


def test_check_shared_signals_need_a_declared_confusion(root):
    """Two functions may claim a phrase if one names the other, or if it weighs little."""
    change(root / KEEPING, "zh: [买卖狮子]", "zh: [买卖狮子, 喂食]")
    change(root / "functions/dancing.yaml", "zh: [买卖海豚]", "zh: [买卖海豚, 餵食]")
    assert check(root) == []
    for slug, other in (("keeping", "dancing"), ("dancing", "keeping")):
        change(root / f"functions/{slug}.yaml", f"with: {other}", "with: mending")
    ((file, message),) = told(root)
    assert file == "functions/dancing.yaml"
    assert "is also a signal of keeping; declare the confusion" in message
    for slug in ("keeping", "dancing"):
        change(root / f"functions/{slug}.yaml", "weight: 3", "weight: 1")
    assert check(root) == []


@pytest.mark.parametrize("rename", [True, False], ids=["renamed", "missing"])
@pytest.mark.parametrize("slug", ["functions/keeping", "families/mending"])
def test_check_misses_a_file_of_examples(root, slug, rename):
    """A function or family without its example postings is named, also where they are renamed."""
    path = root / f"{slug}.postings.yaml"
    if rename:
        path.rename(root / "functions/lions.postings.yaml")
    else:
        path.unlink()
    ((file, message),) = told(root)
    assert file == f"{slug}.postings.yaml"
    assert "no such file" in message


def test_check_wants_core_duties_in_an_example(root):
    """A core duty that no example posting mentions is not proven."""
    text = (root / EXAMPLES).read_text("utf-8")
    for old, new in (
        ("照料狮子", "买卖狮子"),
        ('"lion care, lion trade"', "lion trade"),
        ("ライオンの世話", "ライオン売買"),
        ("사자 돌봄", "사자 거래"),
    ):
        text = text.replace(f"description: {old}", f"description: {new}")
    put(root / EXAMPLES, text.replace("title: 狮子专员, ", "").replace("title: lion officer, ", ""))
    assert (EXAMPLES, "no posting mentions the duty 'care'") in told(root)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (", function: dancing}", None),
        (", function: keeping}", "is won by dancing, expected keeping"),
        (", function: out_of_scope}", "is won by dancing, expected out_of_scope"),
        ("}", "missing key 'function'"),
    ],
    ids=["right", "won-back", "another", "unnamed"],
)
def test_check_near_misses_come_out_as_they_say(root, function, message):
    """A near miss must be won by the function it names."""
    text = (root / EXAMPLES).read_text("utf-8")
    put(root / EXAMPLES, f"{text}{NEAR}{function}\n")
    if message is None:
        assert check(root) == []
    else:
        ((file, said),) = told(root)
        assert file == EXAMPLES
        assert message in said


def test_check_near_miss_may_name_a_family_or_out_of_scope(root):
    """What belongs to another trade is named by its family, or as out of scope."""
    text = (root / EXAMPLES).read_text("utf-8")
    miss = "  - {lang: zh, title: 公告, description: 照料水管, function: %s}\n"
    put(root / EXAMPLES, f"{text}near_misses:\n{miss % 'mending'}{miss % 'out_of_scope'}")
    assert check(root) == []


def test_check_gives_the_line(root):
    """A problem stands at the line of what is wrong."""
    change(root / KEEPING, "weight: 3", "weight: 5")
    (problem,) = check(root)
    line = (root / KEEPING).read_text("utf-8").splitlines()[problem.line - 1]
    assert "weight: 5" in line
    assert str(problem).startswith(f"rules/{KEEPING}:{problem.line}: error: ")
