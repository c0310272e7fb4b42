"""Checklists of one's own and what becomes of runs, over real databases."""

from __future__ import annotations

import contextlib
import datetime
import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from store_help import at_once

from bot import runs
from bot.errors import Conflict, NotFound
from bot.postings.model import Unreadable
from bot.records import Person
from bot.runs import files, own_templates
from bot.runs.duties import counts, duties
from bot.runs.lifecycle import following_run, month_after
from bot.runs.model import ActionNotAllowed
from knowledge.engine.model import LANGUAGES

ANN = Person("ann", "Ann", ("staff",))
BOB = Person("bob", "Bob", ("staff",))
MAX = Person("max", "Max", ("manager",))
EVE = Person("eve", "Eve", ("hr",))
LIST = "- [ ] Book the room (owner: Bob, T-7d)\n- [ ] Print it (must pass, T)\n"
TODAY = datetime.date(2026, 6, 17)


def begun(store, book, text=LIST, who=ANN, **more):
    """A run of a list that somebody has just kept; its id."""
    id_ = own_templates.save(store, who, text, "Fair")
    return runs.start(store, book, who, f"own.{id_}", "en", **more)


def view(store, book, id_, who=ANN):
    """The run as it stands on that day."""
    return runs.view(store, book, who, id_, TODAY, "en")


def workbook(*rows):
    """A workbook of one sheet with these rows."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return out.getvalue()


def document(*lines, table=()):
    """A Word document of (style, text), and a table of rows."""
    import docx

    made, out = docx.Document(), io.BytesIO()
    for style, text in lines:
        made.add_paragraph(text, style=style)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for n, row in enumerate(table):
            for i, cell in enumerate(row):
                grid.cell(n, i).text = cell
    made.save(out)
    return out.getvalue()


NAMED = (("Item", "Owner", "Due"), ("Book the room", "Bob", "T-7d"), ("Print it", "", "T"))
FILES = [
    pytest.param(LIST.encode(), ["Book the room", "Print it"], id="text"),
    pytest.param(LIST.encode("utf-16"), ["Book the room", "Print it"], id="utf-16"),
    pytest.param(LIST.replace("\n", "\r\n").encode(), ["Book the room", "Print it"], id="crlf"),
    pytest.param(workbook(*NAMED), ["Book the room", "Print it"], id="workbook"),
    pytest.param(
        workbook(("Fair",), *NAMED), ["Book the room", "Print it"], id="workbook-with-title"
    ),
    pytest.param(workbook(("First",), ("Second",)), ["First", "Second"], id="workbook-of-a-column"),
    pytest.param(
        document(("Title", "Fair"), ("List Bullet", "Book the room"), ("List Number", "Print it")),
        ["Book the room", "Print it"],
        id="document",
    ),
    pytest.param(
        document(("Normal", "Our list"), table=NAMED), ["Book the room", "Print it"], id="table"
    ),
]


@pytest.mark.parametrize(("data", "items"), FILES)
def test_own_list_is_read_from_any_file(data, items):
    """Its items are the same, whatever it was written with."""
    checklist = own_templates.parse_checklist(files.text_of(data), "", "own.x").checklist
    assert [item.text for point in checklist.pause_points for item in point.items] == items


def test_own_list_of_a_workbook_keeps_its_columns_and_title():
    """Owner and due stand with the item; the row above the names of the columns is the title."""
    checklist = own_templates.parse_checklist(
        files.text_of(workbook(("Fair",), *NAMED)), "", "own.x"
    ).checklist
    first = checklist.pause_points[0].items[0]
    assert (checklist.title, first.owner_role, first.due) == ("Fair", "Bob", "T-7d")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(workbook(*NAMED)[:-200], id="torn"),
        pytest.param(b"PK\x03\x04" + b"\0" * 300, id="no-archive"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 3_000, id="no-old-office"),
        pytest.param(b"%PDF-1.7\n", id="pdf"),
        pytest.param(b"\x89PNG\r\n", id="picture"),
    ],
)
def test_own_list_that_cannot_be_read_is_told(data):
    """A sentence in the language of whoever asks, and no crash."""
    with pytest.raises(Unreadable) as told:
        files.text_of(data)
    assert len({told.value.message(language) for language in LANGUAGES}) == len(LANGUAGES)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_own_list_of_any_bytes_is_text_or_told(data):
    """Whatever is brought: a text, or the reason why there is none."""
    assume(not data.startswith(files.OFFICE))
    with contextlib.suppress(Unreadable):
        assert isinstance(files.text_of(data), str)


def test_own_list_is_kept_once_and_begun(store, book):
    """The same form sent twice makes one template and one run; both have the given title."""
    first, again = (own_templates.save(store, ANN, LIST, "Fair", once="a1") for _ in range(2))
    assert first == again
    assert [one.title for one in own_templates.visible_templates(store, ANN)] == ["Fair"]
    ids = at_once(
        [lambda: runs.start(store, book, ANN, f"own.{first}", "en", "2026-06-18", once="b")] * 3
    )
    assert len(set(ids)) == 1
    (run,) = store.runs.all()
    assert [event.action for event in store.runs.history(run.id)] == ["start"]
    assert run.title == "Fair"


def test_own_list_is_seen_by_whom_it_is_for(store, book):
    """Its owner and the roles named; for others there is no such list, and no run of it."""
    id_ = own_templates.save(store, ANN, LIST, "Fair", ("hr",))
    run = runs.start(store, book, ANN, f"own.{id_}", "en")
    assert [len(own_templates.visible_templates(store, who)) for who in (ANN, EVE, BOB)] == [
        1,
        1,
        0,
    ]
    assert runs.view(store, book, EVE, run, TODAY).run.id == run
    assert runs.view(store, book, ANN, run, TODAY).run.id == run
    for call in (
        lambda: own_templates.get_template(store, BOB, id_),
        lambda: runs.start(store, book, BOB, f"own.{id_}", "en"),
        lambda: runs.view(store, book, BOB, run, TODAY),
    ):
        with pytest.raises(NotFound):
            call()


def test_own_list_is_changed_by_one_at_a_time(store):
    """Who saves on an old state is told; others than the owner and managers may not change it."""
    id_ = own_templates.save(store, ANN, LIST, "Fair")
    own_templates.change(store, MAX, id_, 0, "- [ ] other\n", "Fair 2")
    with pytest.raises(Conflict):
        own_templates.change(store, ANN, id_, 0, "- [ ] mine\n", "Fair 3")
    assert own_templates.get_template(store, ANN, id_).text == "- [ ] other\n"
    with pytest.raises(ActionNotAllowed):
        own_templates.change(store, BOB, id_, 1, LIST)
    own_templates.retire(store, ANN, id_)
    assert own_templates.visible_templates(store, ANN) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "no_list"), ("# only a heading", "no_list"), ("- [ ] x\n" * 2_000, "large")],
)
def test_own_list_that_is_none_is_refused(store, text, reason):
    """With the reason; nothing is kept."""
    with pytest.raises(ActionNotAllowed) as caught:
        own_templates.save(store, ANN, text)
    assert caught.value.reason == reason
    assert own_templates.visible_templates(store, ANN) == []


def test_run_gets_comments_links_and_items_once(store, book):
    """Each form counts once, is told in the history, and changes no key of the other items."""
    id_ = begun(store, book)
    runs.mark(store, ANN, id_, "0.1", "done")
    for _ in range(2):
        runs.comment(store, BOB, id_, "0.0", " is it free? ", once="c")
        runs.link(store, BOB, id_, "0.0", "https://example.org/plan.pdf", "the plan", once="l")
        runs.add_item(store, ANN, id_, 0, "Call them", "t - 2 d", "Bob", once="i")
    said = runs.remarks(runs.history(store, id_))["0.0"]
    assert [one.note for one in said] == ["is it free?", "https://example.org/plan.pdf the plan"]
    lines = view(store, book, id_).progress.sections[0].lines
    assert [(line.item.text, line.item.due, line.state) for line in lines][1:] == [
        ("Print it", "T", "done"),
        ("Call them", "T-2d", "open"),
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "plan.pdf", "https://", "https://a b", ""]
)
def test_run_takes_links_that_can_be_opened_only(store, book, address):
    """Nothing that a browser would run, and nothing that leads nowhere."""
    id_ = begun(store, book)
    with pytest.raises(ActionNotAllowed):
        runs.link(store, ANN, id_, "", address)
    assert "" not in runs.remarks(runs.history(store, id_))


def test_comment_is_deleted_by_its_writer_alone(store, book):
    """It goes from the run and its history; the audit keeps who said what; once is enough."""
    id_ = begun(store, book)
    for text in ("first", "second"):
        runs.comment(store, ANN, id_, "0.0", text)
    first, second = runs.remarks(runs.history(store, id_))["0.0"]
    with pytest.raises(ActionNotAllowed):
        runs.retract(store, MAX, id_, first.id)
    runs.retract(store, ANN, id_, first.id)
    for event in (first.id, 0, second.id + 1):
        with pytest.raises(NotFound):
            runs.retract(store, ANN, id_, event)
    assert [one.note for one in runs.remarks(runs.history(store, id_))["0.0"]] == ["second"]
    assert "first" not in str(runs.history(store, id_))
    (line,) = store.audit.list_recent()
    assert (line["by"], line["action"], line["detail"]) == ("Ann", "comment_deleted", "first")


def test_run_is_renamed_cancelled_archived_and_comes_back(store, book):
    """By whom it belongs to; what is put away is out of the list and not lost."""
    id_ = begun(store, book)
    with pytest.raises(ActionNotAllowed):
        runs.archive(store, ANN, id_)
    with pytest.raises(ActionNotAllowed):
        runs.rename(store, BOB, id_, "Mine")
    runs.rename(store, ANN, id_, "Spring fair")
    runs.cancel(store, ANN, id_, "no room")
    with pytest.raises(Conflict):
        runs.mark(store, ANN, id_, "0.0", "done")
    runs.archive(store, MAX, id_)
    assert runs.views(store, book, ANN, TODAY) == []
    (away,) = runs.views(store, book, ANN, TODAY, archived=True)
    assert (away.run.title, away.run.status) == ("Spring fair", "cancelled")
    runs.archive(store, ANN, id_, False)
    runs.reopen(store, ANN, id_)
    assert view(store, book, id_).run.status == "open"


def test_duties_are_of_the_owner_else_of_whoever_began(store, book):
    """By name, by date and by lateness; what is done is nobody's duty."""
    store.people.add("Bob", ("staff",))
    id_ = begun(store, book, anchor="2026-06-19")
    found = view(store, book, id_)
    assert [line.line.item.text for line in duties([found], "Bob", TODAY)] == ["Book the room"]
    assert [line.line.item.text for line in duties([found], "Ann", TODAY)] == ["Print it"]
    assert counts(found, "Bob", TODAY) == {"all": 2, "mine": 1, "nobody": 1, "due": 2, "late": 1}
    assert counts(found, "Ann", TODAY)["mine"] == 0
    runs.mark(store, BOB, id_, "0.0", "done")
    assert duties([view(store, book, id_)], "Bob", TODAY) == []


@pytest.mark.parametrize(
    ("day", "number", "after"),
    [
        ("2026-01-31", 31, "2026-02-28"),
        ("2026-02-28", 31, "2026-03-31"),
        ("2026-12-05", 5, "2027-01-05"),
    ],
)
def test_month_after_keeps_the_day(day, number, after):
    """The last day of a month stays the last one that there is."""
    assert month_after(datetime.date.fromisoformat(day), number).isoformat() == after


def test_run_repeats_monthly_once_over_several_servers(store, book):
    """Of servers that look at the same moment one begins it; the old one repeats no more."""
    id_ = begun(store, book, anchor="2026-01-31")
    runs.repeat_monthly(store, ANN, id_, True, TODAY)
    old = store.runs.get(id_)
    due = datetime.date.fromisoformat(old.next_start)
    assert runs.renew(store, due - datetime.timedelta(days=1)) == 0
    assert sorted(at_once([lambda: runs.renew(store, due)] * 4)) == [0, 0, 0, 1]
    new = next(run for run in store.runs.all() if run.id != id_)
    assert (new.title, new.anchor, new.marks) == (old.title, "2026-02-28", {})
    assert store.runs.get(id_).repeats is None
    assert new.next_start > old.next_start
    late = following_run(new, datetime.date.fromisoformat(new.next_start) + datetime.timedelta(70))
    assert late.anchor in ("2026-05-31", "2026-06-30")
