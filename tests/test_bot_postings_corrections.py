"""What people decide about postings is kept with who and when, shown, undone, and learnt from."""

from __future__ import annotations

import pytest
from small_rules import shipped

from bot.errors import BadInput
from bot.postings import batch, decisions, learning
from bot.postings.json_form import as_json
from bot.postings.model import Row
from bot.postings.output import cells
from bot.store import NotFound
from rules.postings import learn, overlay, weights
from rules.postings.classify import classify
from rules.postings.learn import Lesson
from rules.postings.load import RuleFiles
from rules.postings.model import Posting
from rules.postings.posting_rules import compile_rules, read_rule_files

POSTING = Posting("负责新品上市计划和市场预算，统筹推广。", "市场经理")
NAMES = [
    ("brand", "brand"),
    ("品牌", "brand"),
    ("Customer Service", "customer_service"),
    ("out_of_scope", "out_of_scope"),
    ("Out of scope", "out_of_scope"),
    ("engineering", "engineering"),
]


@pytest.fixture
def kept(store):
    """A store in which Ann has decided that POSTING is brand work."""
    id_ = decisions.keep(store, POSTING, "brand", "长期定位为主", "Ann", "a.csv", shipped())
    return store, id_


def shown(store, posting=POSTING):
    """The result of a posting beside what was decided about it."""
    (row,) = decisions.with_decisions(
        [Row("a.csv", 1, posting=posting)], store.corrections.get_many
    )
    return batch.classify_row(row, shipped())


@pytest.mark.parametrize(("told", "function"), NAMES, ids=[row[0] for row in NAMES])
def test_decisions_name_a_function_as_people_do(told, function):
    """Its key, or what people call it in any language."""
    assert decisions.resolve(told, shipped()) == function


def test_decisions_refuse_what_is_no_function():
    """The functions there are are told."""
    with pytest.raises(BadInput, match="community_operations"):
        decisions.resolve("astrology", shipped())


def test_decisions_stand_in_every_output(kept):
    """The verdict stays as it is; beside it stands who decided what, when and why."""
    result = shown(kept[0])
    told = as_json(result, shipped())
    assert told["function"] == "marketing_planning"
    assert told["correction"]["function"] == "brand"
    assert (told["correction"]["by"], told["correction"]["reason"]) == ("Ann", "长期定位为主")
    row = cells(result, shipped(), "zh")
    assert row["decided"] == "品牌"
    assert "Ann" in row["reason"]


def test_decisions_are_about_that_posting_alone(kept):
    """Another text is another posting."""
    other = Posting(POSTING.description + "!", POSTING.title)
    assert as_json(shown(kept[0], other), shipped())["correction"] is None


def test_decisions_can_be_taken_back_and_stay_known(kept):
    """What held before holds again; twice is once too often."""
    store, first = kept
    second = decisions.keep(store, POSTING, "sales", "", "Bob", "a.csv", shipped())
    assert as_json(shown(store), shipped())["correction"]["by"] == "Bob"
    store.corrections.undo(second, "Ann")
    assert as_json(shown(store), shipped())["correction"]["by"] == "Ann"
    with pytest.raises(NotFound):
        store.corrections.undo(second, "Ann")
    assert [one.id for one in store.corrections.all()] == [first]
    assert [one.id for one in store.corrections.all(undone=True)] == [first, second]


def test_decisions_hold_no_posting(kept):
    """Of the text only our own phrases are kept."""
    (one,) = kept[0].corrections.all()
    phrases = {phrase for _, phrase, _, _ in one.signals}
    assert phrases
    assert all(len(phrase) < len(POSTING.description) for phrase in phrases)


def test_decisions_are_read_out_of_a_table(store):
    """A column of decisions and one of reasons; what is no function is told in its row."""
    rows = [
        Row("t.csv", 2, {"更正": "品牌", "理由": "定位"}, POSTING),
        Row("t.csv", 3, {"更正": "占星"}, POSTING),
        Row("t.csv", 4, {"更正": ""}, POSTING),
    ]
    done = list(decisions.take(rows, store, "Ann", shipped()))
    assert [row.number for row, _ in done] == [2, 3]
    assert isinstance(done[0][1], int)
    assert "占星" in str(done[1][1])


def lessons(count, decided_="sales", source="one", weight=3.5):
    """So many postings in which 'fair' says events and 'deal' weakly says sales."""
    fired = (("event_operations", "fair", "duties", 4.0), ("sales", "deal", "duties", weight))
    return [Lesson(fired, decided_, source, f"{source}-{i}") for i in range(count)]


def test_learning_moves_phrases_within_bounds():
    """What people decide comes out, and no phrase counts more than one and a half times."""
    found = learn.fit(lessons(30), frozenset())
    assert found["sales", "deal"] > 1 > found["event_operations", "fair"]
    assert all(learn.LOW <= times <= learn.HIGH for times in found.values())
    assert learn.count_right(lessons(5), found, frozenset()) == 5


def test_learning_leaves_rare_phrases_alone():
    """Four postings are an accident; on one of several boards it is a habit of that board."""
    assert learn.fit(lessons(4), frozenset()) == {}
    two = [*lessons(20), *(Lesson((), "brand", "two", f"two-{i}") for i in range(5))]
    assert learn.fit(two, frozenset()) == {}


def test_learning_is_refused_where_cross_validation_loses():
    """Boards that contradict each other teach nothing that holds on the next one."""
    mixed = [
        *lessons(20, "sales", "one", 3.95),
        *lessons(20, "event_operations", "two", 3.95),
        *lessons(20, "sales", "three", 3.95),
        *lessons(20, "event_operations", "four", 3.95),
    ]
    found = learning.learn_weights(mixed, read_rule_files())
    assert found.refused
    assert not found.weights


def test_learning_needs_enough_corrections():
    """Twenty at least."""
    with pytest.raises(BadInput, match="20"):
        learning.learn_weights(lessons(3), read_rule_files())


def test_learning_writes_an_overlay_that_counts(tmp_path):
    """The file is laid over the rules; without it everything is as before."""
    found = {("brand", "品牌定位"): 1.5}
    path = learning.write(found, tmp_path)
    rules = read_rule_files(overlay=tmp_path)
    assert [(w.function, w.phrase, w.times) for w in rules.weights] == [("brand", "品牌定位", 150)]
    text = Posting("负责品牌定位。")
    more = classify(text, compile_rules(rules)).scores["brand"]
    path.unlink()
    plain = classify(text, compile_rules(read_rule_files(overlay=tmp_path))).scores["brand"]
    assert more == pytest.approx(plain * 1.5)


@pytest.mark.parametrize(
    "text",
    ["{a: b}", "- {function: brand, phrase: x, times: 900}", "- {function: brand}"],
    ids=["no list", "out of bounds", "keys missing"],
)
def test_weights_that_cannot_be_read_are_told(tmp_path, text):
    """A bad edit never replaces what is live."""
    (tmp_path / weights.FILE).write_text(text, "utf-8")
    rules = RuleFiles()
    overlay.lay(tmp_path, rules)
    assert rules.problems
