"""A proposed line becomes a patch that fits, and what it would do to the rest is told."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
from concurrent.futures import ProcessPoolExecutor

import pytest
import small_content

from knowledge.engine import words
from knowledge.engine.base import ROOT
from rules import proposal
from rules.proposal import Change, Patch, Unfit, prepare, tidy

COUPON = "concept.coupon"
UNFIT = [
    ("unknown entry", Change("concept.nothing", "alias", "x", "zh"), "no_entry"),
    ("unknown kind of entry", Change("thing.coupon", "alias", "x", "zh"), "no_entry"),
    ("no id at all", Change("", "alias", "x", "zh"), "no_entry"),
    ("path in the id", Change("concept.../coupon", "alias", "x", "zh"), "no_entry"),
    ("unknown addition", Change(COUPON, "summary", "x", "zh"), "no_kind"),
    ("unknown language", Change(COUPON, "alias", "x", "fr"), "no_kind"),
    ("no translation yet", Change(COUPON, "alias", "x", "ko"), "no_translation"),
    ("nothing", Change(COUPON, "example", " \n", "zh"), "empty"),
    ("nothing but marks", Change(COUPON, "example", "？！", "zh"), "empty"),
    ("too long", Change(COUPON, "example", "长" * 201, "zh"), "too_long"),
    ("alias is there", Change(COUPON, "alias", "优惠券概念", "zh"), "there"),
    ("alias is the title", Change(COUPON, "alias", "Coupon", "en"), "there"),
    (
        "example is there, spelt otherwise",
        Change(COUPON, "example", "優惠券是什麼？", "zh"),
        "there",
    ),
    ("near miss is there", Change(COUPON, "near_miss", "今天天气怎么样", "zh"), "there"),
]
PATCHES = [
    ("alias", Change(COUPON, "alias", "折扣码", "zh"), "knowledge/concepts/coupon.yaml",
     ["-aliases: [优惠券概念]  # names", "+aliases: [优惠券概念, 折扣码]  # names"]),
    ("example", Change(COUPON, "example", "折扣码怎么用", "zh"), "knowledge/concepts/coupon.yaml",
     ["+  - 折扣码怎么用"]),
    ("near miss", Change(COUPON, "near_miss", "how: is it", "en"),
     "knowledge/translations/en/concepts/coupon.yaml", ['+  - "how: is it"']),
    ("first alias in a language", Change(COUPON, "alias", "割引券", "ja"),
     "knowledge/translations/ja/concepts/coupon.yaml", ["+aliases: [割引券]"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A small content."""
    return small_content.write(tmp_path_factory.mktemp("content") / "knowledge")


@pytest.fixture(scope="module")
def trial(root, tmp_path_factory):
    """Tries a change with some questions, in a process and a cache of its own."""
    from knowledge.engine import cache

    words.dictionary()
    own = tmp_path_factory.mktemp("cache")
    own.chmod(0o700)
    for path in cache.folder().glob("jieba-*"):
        shutil.copy(path, own)
    spawn = multiprocessing.get_context("spawn")
    with pytest.MonkeyPatch.context() as patched, ProcessPoolExecutor(1, spawn) as pool:
        patched.setenv("ZHIWEN_CACHE", str(own))

        def run(change, *questions, root=root):
            patch = prepare(root, change)
            asked = [(question, "zh") for question in questions]
            return pool.submit(proposal.try_out, root, patch, asked).result()

        yield run


@pytest.mark.parametrize(
    ("change", "reason"), [row[1:] for row in UNFIT], ids=[row[0] for row in UNFIT]
)
def test_prepare_says_why_a_change_does_not_fit(root, change, reason):
    """A reason that can be told in any language, and it is one of those listed."""
    with pytest.raises(Unfit) as caught:
        prepare(root, change)
    assert caught.value.reason == reason
    assert reason in Unfit.REASONS


@pytest.mark.parametrize(
    ("change", "file", "lines"), [row[1:] for row in PATCHES], ids=[row[0] for row in PATCHES]
)
def test_prepare_changes_one_line(root, change, file, lines):
    """The patch names the file of that language and holds nothing but the line."""
    patch = prepare(root, change)
    assert patch.file == file
    rows = patch.diff.splitlines()
    assert [row for row in rows[2:] if row[0] in "+-" and row != "+aliases:"] == lines


@pytest.mark.parametrize("change", [row[1] for row in PATCHES], ids=[row[0] for row in PATCHES])
def test_patch_is_taken_by_git(root, change, tmp_path):
    """`git apply` makes the file what it should become."""
    patch = prepare(root, change)
    shutil.copytree(root, tmp_path / root.name)
    git = ["git", "apply", "-"]
    subprocess.run(git, input=patch.diff.encode(), cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / patch.file).read_bytes() == patch.after.encode()


def test_patch_is_taken_without_a_line_break_at_the_end(tmp_path):
    """A file that ends without one stays so, and the patch says it."""
    patch = Patch("knowledge/x.yaml", "a: [b]", "a: [b, c]")
    small_content.put(tmp_path / patch.file, patch.before)
    git = ["git", "apply", "-"]
    subprocess.run(git, input=patch.diff.encode(), cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / patch.file).read_text("utf-8") == patch.after


def test_prepare_writes_nothing():
    """The shipped content is only read."""
    path = ROOT / "roles" / "brand.yaml"
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert prepare(ROOT, Change("role.brand", "alias", "招牌岗", "zh")).after != before[0].decode()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        pytest.param(" a \n b\t", "a b", id="spaces"),
        pytest.param("a\u0000b\u202ec", "a b c", id="what cannot be printed"),
        pytest.param("券\ud800", "券", id="half a character"),
    ],
)
def test_tidy_leaves_one_line(text, tidied):
    """What an editor pastes becomes one line that YAML can hold."""
    assert tidy(text) == tidied


def test_trial_of_a_good_alias_shows_what_is_gained(trial):
    """Nothing fails, every example was asked, and the question is answered afterwards."""
    found = trial(Change(COUPON, "alias", "折扣码", "zh"), "折扣码是什么", "落地页是什么")
    assert found.passes_check
    assert found.examined == 18
    gained, same = found.shifts
    assert gained.is_gained and not same.is_gained
    assert (gained.band, gained.new_entry) == ("decline", COUPON)
    assert (same.band, same.new_band) == ("answer", "answer")


def test_trial_of_a_taken_name_is_refused_by_the_check(trial):
    """The problem names the file; no example is asked of content that cannot be used."""
    found = trial(Change(COUPON, "alias", "落地页", "zh"))
    assert not found.passes_check
    assert found.examined == 0
    assert any("landing_page" in problem.file for problem in found.problems)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("example", "落地页是什么", id="example of another entry"),
        pytest.param("near_miss", "优惠券是什么", id="near miss that is its example"),
    ],
)
def test_trial_tells_what_would_fail(trial, kind, text):
    """A line that contradicts another one is found, also where it is itself the one that fails."""
    found = trial(Change(COUPON, kind, text, "zh"))
    assert not found.passes_check
    assert [problem.file for problem in found.failing] == ["knowledge/concepts/coupon.yaml"]
    assert text in found.failing[0].message


def test_trial_of_broken_content_tells_its_problems(trial, tmp_path):
    """Where the content is broken already, that is what is said."""
    broken = small_content.write(tmp_path / "knowledge")
    small_content.put(broken / "concepts" / "check_in.yaml", "id: concept.check_in\n")
    found = trial(Change(COUPON, "alias", "折扣码", "zh"), root=broken)
    assert not found.passes_check
    assert {problem.file for problem in found.problems} >= {"knowledge/concepts/check_in.yaml"}


def test_trial_leaves_the_content_alone(root, trial):
    """Everything is tried on a copy."""
    before = {path: path.read_bytes() for path in sorted(root.rglob("*.yaml"))}
    trial(Change(COUPON, "example", "折扣码能叠加吗", "zh"))
    assert {path: path.read_bytes() for path in sorted(root.rglob("*.yaml"))} == before
