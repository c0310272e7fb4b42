"""Each format is read as people's tools write it, and what is written comes back as it was."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter
from exchange_help import ANSWERS, QUESTIONS, Shelf, faq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.exchange import entries, export, readers
from bot.exchange.folder import text_of
from bot.exchange.model import WHOLE_BYTES
from bot.postings.sandbox import run_here
from knowledge.engine import shape, source
from knowledge.engine.asking import Example
from knowledge.engine.model import Faq

QNA = "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\n"
NLU = """\
version: 3.1
nlu:
- intent: faq/ask_leave
  examples: |
    - how many days of [leave](topic) do I have
    - days off in [next year]{"entity": "year", "value": "2030"}
- intent: greet
  examples:
  - text: |
      hello there
  - text: good morning
- synonym: leave
  examples: |
    - holiday
- intent: faq/silent
  examples: |
    - anybody there
- intent: faq/named
  examples: |
    - who am I
- intent: faq/mute
"""
DOMAIN = """\
version: "3.1"
session_config: {session_expiration_time: 0.5, carry_over_slots_to_new_session: True}
slots:
  name: {type: text, initial_value: null}
responses:
  utter_faq/ask_leave:
  - text: Telegram only
    channel: telegram
  - text: "**Ten** days"
  utter_greet:
  - text: Hello {friend}!
  utter_faq/named:
  - text: You are {name}
"""
TABLES = [
    ("chinese", '问题,答案,相似问题\n年假,十天,"休假\n能休几天"\n', [("年假", "休假", "能休几天")]),
    ("letters", "Q;A\nWhere?;Here\n", [("Where?",)]),
    ("japanese", "質問,回答\n有給は何日,十日\n", [("有給は何日",)]),
    ("korean", "질문,답변\n휴가는 며칠,열흘\n", [("휴가는 며칠",)]),
    ("numbered columns", "问题,答案,相似问1,相似问2\na,b,c,\nd,e,,f\n", [("a", "c"), ("d", "f")]),
    ("one id", "id,question,answer\n7,one,x\n7,two,\n8,three,y\n", [("one", "two"), ("three",)]),
    ("one answer to two", "question,answer\none,x\ntwo,x\n", [("one",), ("two",)]),
    ("below a heading", "FAQ 2030,\n,\nQuestion,Answer\none,x\n", [("one",)]),
    ("tabs", "Question\tAnswer\none\tx\n", [("one",)]),
    ("guarded", "question,answer\none,'=x\n", [("one",)]),
    ("formula elsewhere", "id,question,answer\n=ROW(),one,x\n", [("one",)]),
]  # fmt: skip
LEFT = [
    ("no question", "question,answer\n,x\n", "2: no question"),
    ("no answer", "question,answer\none,\n", "2: no answer"),
    ("formula", 'question,answer\none,"=VLOOKUP(A1,B:C,2)"\n', "2: a formula"),
    ("two answers", "id,question,answer\n1,one,x\n1,two,y\n", "3: another answer under the id of"),
]
BROKEN = [
    ("empty", "x.csv", b"", "empty"),
    ("blank", "x.csv", b" \n\n", "empty"),
    ("no header", "x.csv", "一,二\n三,四\n".encode(), "no columns for question and answer"),
    ("no rows", "x.csv", b"question,answer\n", "no question and answer in it"),
    ("binary", "x.csv", bytes(range(256)) * 9, "x.csv: "),
    ("two encodings", "x.csv", b"question,answer\n" + b"a,b\n" * 20_000 + b"\xff\xfe", "UTF-8"),
    ("no workbook", "x.xlsx", b"PK\x03\x04 nothing", "cannot be opened"),
    ("old nothing", "x.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "cannot be opened"),
    ("broken yaml", "x.yml", b"nlu: [", "x.yml:2: error: not valid YAML"),
    ("no yaml keys", "x.yml", b"- a\n", "no keys"),
    ("no intents", "x.yml", b"version: '3.1'\n", "no list 'nlu'"),
    ("no answers", "x.yml", b"nlu:\n- intent: a\n  examples: |\n    - b\n", "--answers domain.yml"),
    ("large yaml", "x.yml", b"a: " + b"x" * 1_000_001, "larger than 1,000,000 bytes"),
    ("not utf-8 yaml", "x.yml", "nlu: 年".encode("gb18030"), "save it as UTF-8"),
    ("tab too many", "x.tsv", (QNA + "a\t" * 9 + "\n").encode(), "x.tsv:2: more cells"),
    ("huge", "x.csv", b"x" * (WHOLE_BYTES + 1), "not a table"),
]  # fmt: skip


@pytest.fixture
def put(tmp_path):
    """Writes a file and returns its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def workbook(*rows, formula=None):
    """The bytes of a workbook with these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if formula:
            sheet.write_formula(*formula)
    return out.getvalue()


@pytest.mark.parametrize(("text", "asked"), [r[1:] for r in TABLES], ids=[r[0] for r in TABLES])
def test_table_finds_questions(put, text, asked):
    """Headers in four languages, other wordings in one cell or in columns, ids that repeat."""
    found = readers.read(put("faq.csv", text))
    assert [pair.questions for pair in found.pairs] == asked
    assert found.skipped == ()


@pytest.mark.parametrize(("text", "why"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT])
def test_table_says_what_it_leaves(put, text, why):
    """With file, row and reason."""
    assert str(readers.read(put("f.csv", text)).skipped[0]).startswith(f"f.csv:{why}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_table_in_any_encoding(put, encoding):
    """Spreadsheet programs write many."""
    text = "问题,答案\n年假有几天，怎么申请，找谁批准,按工龄计算，满一年有五天\n"
    found = readers.read(put("faq.csv", text.encode(encoding)))
    assert found.pairs[0].answer == "按工龄计算，满一年有五天"


def test_workbook_is_read_from_every_sheet(put):
    """Numbers as written; a sheet without the columns is passed over."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("notes").write(0, 0, "nothing")
        for name in ("甲", "乙"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["问题", "答案"])
            sheet.write_row(1, 0, [f"{name}几天", 10])
    found = readers.read(put("f.xlsx", out.getvalue()))
    assert [(pair.place, pair.questions, pair.answer) for pair in found.pairs] == [
        ("f.xlsx [甲]:2", ("甲几天",), "10"),
        ("f.xlsx [乙]:2", ("乙几天",), "10"),
    ]


def test_workbook_tells_of_formulas_without_a_value(put):
    """The row is left out, with what to do; a kept value is taken as what people see."""
    rows = [["question", "answer"], ["one", ""], ["two", ""]]
    raw = workbook(*rows, formula=(1, 1, "=A2", None, ""))
    assert (
        "save the file in a spreadsheet program" in readers.read(put("f.xlsx", raw)).skipped[0].text
    )
    raw = workbook(*rows, formula=(2, 1, "=A2", None, "kept"))
    assert [pair.answer for pair in readers.read(put("g.xlsx", raw)).pairs] == ["kept"]


def test_workbook_that_unpacks_to_too_much_is_not_opened(put):
    """A zip bomb is told by what it says of itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 40_000_000)
    with pytest.raises(BadInput, match="over the limit"):
        readers.read(put("f.xlsx", out.getvalue()))


def test_qnamaker_groups_rows_by_their_id(put):
    """Rows of one QnaId ask one thing; follow-ups are left out; cells hold no real line breaks."""
    rows = (
        'How long\tTen days\\n* a\\n* b\tEditorial\t\t[]\tFalse\t[{"displayOrder":1}]\t3\n'
        "For how long\tTen days\\n* a\\n* b\tEditorial\t\t[]\tFalse\t[]\t3\n"
        "And then?\tNothing\tEditorial\t\t[]\tTrue\t[]\t4\n"
        '"Quoted" word\tSay "hi"\tEditorial\ttopic:hr|team:a\t[]\tFalse\t[]\t5\n'
    )
    found = readers.read(put("kb.tsv", QNA + rows))
    assert [(p.id, p.questions, p.answer) for p in found.pairs] == [
        ("qna_3", ("How long", "For how long"), "Ten days\n* a\n* b"),
        ("qna_5", ('"Quoted" word',), 'Say "hi"'),
    ]
    assert [str(note) for note in found.skipped] == [
        "kb.tsv:4: only follows up another answer (IsContextOnly)"
    ]


def test_qnamaker_of_before_there_were_ids(put):
    """Rows with one answer ask one thing there."""
    found = readers.read(put("kb.tsv", "Question\tAnswer\tMetadata\none\tx\t\ntwo\tx\t\n"))
    assert [pair.questions for pair in found.pairs] == [("one", "two")]


def test_qnamaker_saved_by_a_spreadsheet_program(put):
    """Quotes around cells, doubled inside, and real line breaks."""
    rows = 'One\t"Say ""hi"",\nthen go"\tx\t\t[]\tFALSE\t[]\t1\nTwo\ty\tx\t\t[]\tFALSE\t[]\t2\n'
    found = readers.read(put("kb.tsv", QNA + rows))
    assert [pair.answer for pair in found.pairs] == ['Say "hi",\nthen go', "y"]
    found = readers.read(put("kb.tsv", QNA + 'One\t"Say ""hi"""\tx\t\t[]\tFALSE\t[]\t1\n'))
    assert [pair.answer for pair in found.pairs] == ['Say "hi"']


def test_rasa_takes_intents_with_their_answers(put):
    """Entities lose their marks; an answer for all channels goes first; slots cannot be filled."""
    found = readers.read(put("nlu.yml", NLU), put("domain.yml", DOMAIN))
    assert [(p.id, p.questions, p.answer) for p in found.pairs] == [
        (
            "ask_leave",
            ("how many days of leave do I have", "days off in next year"),
            "**Ten** days",
        ),
        ("greet", ("hello there", "good morning"), "Hello {friend}!"),
    ]
    assert [str(note) for note in found.skipped] == [
        "nlu.yml:15: intent faq/silent: no answer (no text under utter_faq/silent)",
        "nlu.yml:18: intent faq/named: its answer needs the slot 'name'",
        "nlu.yml:21: intent faq/mute: no question",
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_file_that_cannot_be_used_is_told_once(put, name, content, why):
    """One message with the file and what to do."""
    with pytest.raises(BadInput) as caught:
        readers.read(put(name, content))
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_answers_go_with_yaml_only(put):
    """A domain beside a table is a mistake."""
    with pytest.raises(BadInput, match="--answers"):
        readers.read(put("f.csv", "question,answer\na,b\n"), put("domain.yml", DOMAIN))


@given(raw=st.binary(max_size=200), head=st.sampled_from([b"", QNA.encode(), b"question,answer\n"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", ["x.csv", "x.yml"])
def test_any_bytes_are_read_or_refused(put, name, raw, head):
    """Nothing but BadInput comes out of a reader."""
    try:
        readers.read(put(name, head + raw), box=run_here)
    except BadInput as error:
        assert name in str(error)


LANGUAGES = st.sampled_from(["zh", "en"])
FAQS = st.lists(
    st.builds(
        lambda n, answer, questions, title: (n, answer, questions, title),
        st.integers(0, 10**6),
        ANSWERS,
        st.lists(QUESTIONS, min_size=1, max_size=3),
        st.none() | QUESTIONS,
    ),
    min_size=1,
    max_size=4,
)


def distinct(rows):
    """Entries of which none has another's id, question or title."""
    from knowledge.engine.normal import question_key

    taken, made = set(), []
    for number, answer, questions, title in rows:
        entry = faq(f"qna_{number}" if number % 2 else f"leave_{number}", answer, *questions)
        if title:
            entry = faq(entry.id[4:], answer, *questions, title=title)
        keys = [question_key(text) for text in (*questions, entry.title)]
        names = {entry.id, *keys}
        if taken & names or len(set(keys[:-1])) < len(questions) or not all(keys):
            continue
        taken |= names
        made.append(entry)
    return made


@pytest.mark.parametrize("form", export.FORMATS)
@given(rows=FAQS)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_import_of_an_export_gives_the_same_entries(put, form, rows):
    """Whatever marks, quotes or breaks the texts hold: the same on a new place and over itself."""
    told = distinct(rows)
    if not told:
        return
    raw = export.FORMATS[form](export.overlay_pairs(Shelf(*told)))
    ending = next(e for e, f in export.ENDINGS.items() if f == form)
    found = readers.read(put(f"back{ending}", raw), box=run_here)
    fresh = entries.plan(found, Shelf(), None, False)
    assert fresh.skipped == []
    assert {one.entry for one in fresh.taken} == set(told)
    over = entries.plan(found, Shelf(*told), None, False)
    assert [one.state for one in over.taken] == ["same"] * len(told)


@given(answer=ANSWERS, questions=st.lists(QUESTIONS, min_size=1), section=st.booleans())
def test_written_entry_reads_back(answer, questions, section):
    """The YAML of an entry says what the entry says, strictly read."""
    entry = faq("x", answer, *questions, restricted_to=("hr",))
    if section:
        examples = tuple(Example(question, "summary") for question in questions)
        entry = faq("x", answer, *questions, title="y")
        entry = Faq(**{**{f: getattr(entry, f) for f in entry.__dataclass_fields__},
                       "examples": examples})  # fmt: skip
    document = source.parse(text_of(entry).encode(), "x.yaml")
    assert shape.build(Faq, document, document.value) == entry
    assert document.problems == []


def test_export_of_metadata_is_what_azure_takes():
    """Metadata is a list of names and values; numbers of before are kept."""
    pairs = export.overlay_pairs(
        Shelf(faq("qna_4", "x", "年假"), faq("leave", "y", "病假", title="假"))
    )
    rows = [r.split("\t") for r in export.FORMATS["tsv"](pairs).decode().splitlines()]
    assert [row[7] for row in rows[1:]] == ["4", "5"]
    assert json.loads(rows[1][3]) == []
    assert {item["name"] for item in json.loads(rows[2][3])} == {"zhiwen_id", "zhiwen_title"}


LINES = (
    '{"question": "Where is the bus?", "answer": "At the gate.", "id": "bus"}\n'
    "\n"
    '{"answer": "Room 3.", "question": ["Where is the printer?", "Which room has the printer?"]}\n'
    "not json\n"
    '{"question": "When does the bus leave?", "answer": "", "id": "bus"}\n'
    '{"text": "nothing of ours"}\n'
)


def test_lines_of_json_are_read_one_by_one(put):
    """Each line an object; one id one answer; what cannot be read is told with its line."""
    found = readers.read(put("faq.jsonl", LINES))
    assert {(pair.place, pair.questions, pair.answer) for pair in found.pairs} == {
        ("faq.jsonl:1", ("Where is the bus?", "When does the bus leave?"), "At the gate."),
        ("faq.jsonl:3", ("Where is the printer?", "Which room has the printer?"), "Room 3."),
    }
    assert [str(note) for note in found.skipped] == [
        "faq.jsonl:4: not an object of JSON",
        "faq.jsonl:6: no question and answer",
    ]


LONG = (
    "sep,,\nid,问题,答案\n1,班车几点,七点\n,打印机在哪,三楼\n1,班车在哪上,\n,,\n,没有答案,\n"
    ',"两行\n的问题",有\n,=A1+B1,x\n,\'=1,引号\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_long_table_is_read_row_by_row_with_the_same_result(put, monkeypatch, encoding):
    """A file that is too long to be held gives what the same file gives as a whole."""
    path = put("faq.csv", LONG.encode(encoding))
    whole = readers.read(path, box=run_here)
    monkeypatch.setattr(readers, "WHOLE_BYTES", 10)
    rows = readers.read(path, box=run_here)
    assert sorted(map(repr, rows.pairs)) == sorted(map(repr, whole.pairs))
    assert sorted(map(str, rows.skipped)) == sorted(map(str, whole.skipped))


def test_table_of_many_rows_is_taken_whole(put):
    """There is no bound to the answers of one file."""
    text = "question,answer\n" + "".join(f"what is item {i}?,shelf {i}\n" for i in range(6_000))
    assert len(readers.read(put("faq.csv", text)).pairs) == 6_000
