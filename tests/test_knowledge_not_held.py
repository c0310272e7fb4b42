"""What is to be refused: read, checked, counted beside examples, and refused when it is asked."""

from __future__ import annotations

import pytest
import small_content

from knowledge.engine import base, check, load
from knowledge.engine.normal import fold, question_key

LISTED = """\
price:
  - how much is a coupon
  - what does printing coupons cost
forecast:
  - will coupons still work next year
"""


@pytest.fixture
def into(tmp_path):
    """A folder to compile in."""
    (tmp_path / "compiled").mkdir()
    return tmp_path / "compiled"


@pytest.fixture
def content(tmp_path):
    """The small content with a list of what is to be refused."""
    root = small_content.write(tmp_path / "knowledge")
    small_content.put(root / "not_held" / "en.yaml", LISTED)
    return root


def test_a_listed_question_is_known_by_its_kind(content, into):
    """It is found however it is spelt, and counts for its kind and for no entry."""
    opened = base.open_base(content, into=into)
    assert opened.refused_kind(question_key("How much is a coupon?!")) == "price"
    assert opened.refused_kind(question_key("what is a coupon")) is None
    found = opened.likelihoods.likelihood_of(fold("what does a coupon cost"))
    assert found.kind == "price" and found.not_held > found.most
    assert not any(name.startswith("not_held") for name in found.most_likely(10))


def test_what_is_held_is_likelier_than_what_is_not(content, into):
    """The examples of entries speak against every kind of refusal."""
    found = base.open_base(content, into=into).likelihoods.likelihood_of(fold("what is check-in"))
    assert found.most > found.not_held and found.most_likely(1) == ["concept.check_in"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("price: [what is coupon]\n", "is an example of concept.coupon"),
        ("price: [how much, How much?]\n", "stands there already"),
        ("price: how much\n", "expected a list of questions"),
        ("price: [how much, 3]\n", "expected a question"),
        ("- how much\n", "expected kinds"),
    ],
)
def test_a_list_that_is_wrong_is_named_with_its_line(content, text, message):
    """Shape first, then what contradicts an entry or stands twice."""
    small_content.put(content / "not_held" / "en.yaml", text)
    loaded = load.load(content)
    (told,) = (p for p in [*loaded.problems, *check.check(loaded)] if message in p.message)
    assert told.level == "error" and told.file.endswith("not_held/en.yaml")


def test_an_organization_lists_its_own(content, tmp_path, into):
    """What its people ask in vain is laid beside ours."""
    own = tmp_path / "own" / "knowledge"
    small_content.put(own / "not_held" / "en.yaml", "price: [what is lunch here]\n")
    loaded = load.load(content, own)
    assert len(loaded.not_held) == 2 and not loaded.problems
    opened = base.open_base(content, own=own, into=into)
    assert opened.refused_kind(question_key("What is lunch here")) == "price"
