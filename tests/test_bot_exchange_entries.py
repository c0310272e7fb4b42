"""Pairs become entries: what is new, what changes, what is left out and why; files all or none."""

from __future__ import annotations

import pytest
from exchange_help import Shelf, faq, ours

from bot.exchange import entries, folder
from bot.exchange.model import MAX_ANSWER, MAX_QUESTION, Found, Note, Pair

SHELF = (ours("concept.coupon", "优惠券", "优惠券是什么"), ours("role.brand", "品牌", "品牌做什么"))
LEAVE = faq("leave", "十天", "年假几天", "休假几天", restricted_to=("hr",), related=("role.brand",))
LEFT = [
    ("no answer", Pair("f:2", ("一",), " "), "no answer"),
    ("only marks", Pair("f:2", ("一",), "<br>"), "no answer"),
    ("no words", Pair("f:2", ("？？",), "x"), "no question"),
    ("long answer", Pair("f:2", ("一",), "x" * (MAX_ANSWER + 1)), "longer than 8,000 characters"),
    ("long question", Pair("f:2", ("一" * (MAX_QUESTION + 1),), "x"), "longer than 300 characters"),
    ("ours", Pair("f:2", ("优惠券是什么？",), "x"), "is an example of concept.coupon already"),
    ("a name of ours", Pair("f:2", ("品牌",), "x"), "is a name of role.brand already"),
    ("theirs", Pair("f:2", ("年假几天",), "y"), "is an example of faq.leave already"),
    ("a title of ours", Pair("f:2", ("一",), "x", title="品牌"), "'品牌' is a name of role.brand"),
]


def planned(*pairs, shelf=None, language=None, replace=False):
    """The plan for these pairs."""
    shelf = shelf or Shelf(LEAVE, ours=SHELF)
    return entries.plan(Found(pairs), shelf, language, replace)


@pytest.mark.parametrize(("pair", "why"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT])
def test_plan_says_why_it_leaves_a_pair(pair, why):
    """One reason, with the entry that stands in the way."""
    made = planned(pair)
    assert made.taken == []
    (note,) = made.skipped
    assert note.place == "f:2" and why in note.text


def test_plan_takes_the_questions_that_are_free():
    """One that is taken is told; the others go in."""
    made = planned(Pair("f:2", ("券怎么领", "优惠券是什么", "券怎么领？"), "x"))
    assert [example.ask for example in made.taken[0].entry.examples] == ["券怎么领"]
    assert made.skipped == [Note("f:2", "'优惠券是什么' is an example of concept.coupon already")]


def test_plan_names_the_row_that_asked_before():
    """A question stands in one entry of a file."""
    made = planned(Pair("f:2", ("一",), "x"), Pair("f:3", ("一？",), "y"))
    assert [note.text for note in made.skipped] == ["'一？' stands in f:2 already"]


@pytest.mark.parametrize(
    ("question", "title"),
    [("年休几天？", "年休几天"), ("Where?! ", "Where"), ("？", "？"), ("长" * 80, "长" * 59 + "…")],
    ids=["mark", "marks", "only a mark", "long"],
)
def test_title_is_the_question_in_short(question, title):
    """Without its mark, cut where it is long."""
    assert entries.short_title(question) == title


def test_plan_gives_different_questions_different_ids():
    """Homophones, and numbers of another table, get a piece of a hash; each time the same."""
    made = planned(Pair("f:2", ("事假",), "x"), Pair("f:3", ("世家",), "y"))
    first, second = (one.entry.id for one in made.taken)
    assert first == "faq.shi_jia" and second.startswith("faq.shi_jia_")
    shelf = Shelf(*(one.entry for one in made.taken))
    again = planned(Pair("f:3", ("世家",), "y"), Pair("f:2", ("事假",), "x"), shelf=shelf)
    assert [(one.entry.id, one.state) for one in again.taken] == [(second, "same"), (first, "same")]
    other = planned(Pair("f:2", ("别的",), "z", "qna_1"), shelf=Shelf(faq("qna_1", "a", "b")))
    assert other.taken[0].entry.id.startswith("faq.qna_1_")


@pytest.mark.parametrize(
    ("answer", "replace", "state"),
    [("十天", False, "same"), ("五天", False, "differs"), ("五天", True, "changed")],
    ids=["same", "differs", "replace"],
)
def test_plan_changes_an_entry_only_where_asked(answer, replace, state):
    """What the file does not know of stays: who may see it, links, titles."""
    pair = Pair("f:2", ("年假几天", "休假几天"), answer, "leave")
    (one,) = planned(pair, replace=replace).taken
    assert one.state == state
    assert (one.entry.restricted_to, one.entry.related) == (("hr",), ("role.brand",))
    assert bool(folder.files(one)) == (state == "changed")


@pytest.mark.parametrize(
    ("given", "question", "language"),
    [(None, "年休", "zh"), (None, "Leave", "en"), ("ja", "年休", "ja"), (None, "휴가", "ko")],
    ids=["zh", "en", "ja told", "ko"],
)
def test_plan_writes_other_languages_as_translations_too(given, question, language):
    """So that people who speak it are not told that the text is in Chinese."""
    (one,) = planned(Pair("f:2", (question,), "x"), language=given).taken
    assert one.language == language
    slug = one.entry.id.partition(".")[2]
    told = {f"faq/{slug}.yaml"}
    told |= {f"translations/{language}/faq/{slug}.yaml"} if language != "zh" else set()
    assert set(folder.files(one)) == told


def test_files_are_written_all_or_none(tmp_path, monkeypatch):
    """When one cannot be written, none is there, and nothing is left beside."""
    made = planned(Pair("f:2", ("一",), "x"), Pair("f:3", ("二",), "y"))
    written = folder.write(made.taken, tmp_path)
    assert sorted(path.name for path in written) == ["er.yaml", "yi.yaml"]
    assert sorted(p.name for p in (tmp_path / "knowledge").iterdir()) == ["faq"]

    text, calls = folder.Path.write_text, []

    def full(path, *arguments, **more):
        calls.append(path)
        if len(calls) > 1:
            raise OSError(28, "No space left on device", str(path))
        return text(path, *arguments, **more)

    monkeypatch.setattr(folder.Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        folder.write(made.taken, tmp_path / "other")
    assert [p for p in (tmp_path / "other").rglob("*") if p.is_file()] == []


def test_import_that_is_interrupted_leaves_nothing(tmp_path):
    """Whoever stops it before the end finds the overlay as it was."""
    made = planned(Pair("f:2", ("Where is the bus?",), "At the gate."))
    with pytest.raises(KeyboardInterrupt), folder.Staging(tmp_path) as staging:
        staging.add(made.taken[0])
        raise KeyboardInterrupt
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
