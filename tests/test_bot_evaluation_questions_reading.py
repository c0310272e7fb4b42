"""Files of questions in, conversations out; a line that cannot be read is named."""

from __future__ import annotations

import json

import pytest

from bot.errors import BadInput
from bot.evaluation.questions.model import Place, Wanted
from bot.evaluation.questions.reading import read

OLD = {"question": "what is a coupon", "lang": "en", "expects": ["concept.coupon"]}
NOTHING = {"question": "今天天气怎么样", "lang": "zh", "expects": []}
KEY = {
    "id": "k1", "lang": "zh", "question": "打卡要注意什么", "kind": "howto",
    "verdict_wanted": "partial", "accept": [["concept.check_in", "points"], ["compare", "a|b"]],
    "best": ["concept.check_in", "points"], "missing": "价格", "useful": ["concept.coupon"],
    "note": "also fine",
}  # fmt: skip
DECLINE = {"question": "x", "lang": "ja", "verdict_wanted": "decline", "accept": [], "best": []}
TALK = {
    "id": "c1", "lang": "ko", "kind": "chain",
    "turns": [
        {"say": "쿠폰", "verdict_wanted": "answer", "accept": [["concept.coupon", "*"]]},
        {"say": "체크인은", "expects": ["concept.check_in"], "kind": "and X?"},
    ],
}  # fmt: skip
BROKEN = [
    ("not json", "{", "not JSON"),
    ("a list", "[1]", "not an object"),
    ("deep", "[" * 100_000, "not JSON"),
    ("no language", {"question": "x", "expects": []}, "lang.*one of zh, en, ja, ko"),
    ("unknown language", OLD | {"lang": "fr"}, '"fr"; write one of'),
    ("no question", {"lang": "en", "expects": []}, '"question"'),
    ("blank question", OLD | {"question": " "}, '"question"'),
    ("question is a number", OLD | {"question": 5}, "write a text"),
    ("half a character", OLD | {"question": "\ud83d"}, "half a character"),
    ("no key", {"question": "x", "lang": "en"}, '"expects".*"verdict_wanted"'),
    ("expects is a text", OLD | {"expects": "concept.coupon"}, "write a list"),
    ("expects pairs", OLD | {"expects": [["concept.coupon", "*"]]}, "write ids"),
    ("unknown verdict", KEY | {"verdict_wanted": "maybe"}, "answer, partial, decline"),
    ("nothing accepted", KEY | {"accept": []}, "name what would be right"),
    ("accepts ids", KEY | {"accept": ["concept.coupon"]}, "no pair"),
    ("best is a text", KEY | {"best": "concept.coupon"}, "no pair"),
    ("useful is a text", KEY | {"useful": "concept.coupon"}, "write a list"),
    ("no turns", TALK | {"turns": []}, '"turns"'),
    ("turns are texts", TALK | {"turns": ["x"]}, '"turns"'),
    ("second turn", TALK | {"turns": [TALK["turns"][0], {"say": "x"}]}, "turn 2: neither"),
]


def saved(path, *rows):
    """A file with a line for each row; texts stand as they are."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return str(path)


def test_reading_takes_all_formats_in_one_file(tmp_path):
    """Old lines, keys and conversations in any order; blank lines are nothing."""
    one, none, key, talk = read([saved(tmp_path / "m.jsonl", OLD, "", NOTHING, KEY, TALK)])
    assert (one.id, key.id, talk.id) == ("m.jsonl:1", "k1", "c1")
    assert [c.place(0) for c in (one, key, talk)] == [Place.SINGLE, Place.SINGLE, Place.OPENING]
    assert (one.turns[0].wanted, none.turns[0].wanted) == (Wanted.ANSWER, Wanted.DECLINE)
    assert ("concept.coupon", "*") in one.turns[0].accept
    (read_key,) = key.turns
    assert read_key.best == ("concept.check_in", "points")
    assert (read_key.missing, read_key.kind, read_key.note) == ("价格", "howto", "also fine")
    assert read_key.useful == {"concept.coupon"}
    assert [turn.kind for turn in talk.turns] == ["chain", "and X?"]


def test_reading_takes_the_first_accepted_for_the_best(tmp_path):
    """A key without a best one has one all the same, to tell what was wanted."""
    row = {name: value for name, value in KEY.items() if name != "best"}
    (key, decline) = read([saved(tmp_path / "m.jsonl", row, DECLINE)])
    assert key.turns[0].best == ("concept.check_in", "points")
    assert decline.turns[0].best is None


def test_reading_takes_files_and_folders(tmp_path):
    """All .jsonl files of a folder in their order, with the entries they were made for."""
    folder = tmp_path / "keys"
    folder.mkdir()
    saved(folder / "b.jsonl", KEY)
    saved(folder / "a.jsonl", TALK)
    (folder / "entries.txt").write_text("concept.coupon\nconcept.check_in\n", "utf-8")
    (folder / "README.md").write_text("about", "utf-8")
    found = read([str(folder), saved(tmp_path / "more.jsonl", OLD)])
    assert [c.id for c in found] == ["c1", "k1", "more.jsonl:1"]
    assert found[0].entries == {"concept.coupon", "concept.check_in"}
    assert found[2].entries is None


@pytest.mark.parametrize(("row", "told"), [r[1:] for r in BROKEN], ids=[r[0] for r in BROKEN])
def test_reading_names_a_broken_line_and_what_to_do(tmp_path, row, told):
    """File, line, what is wrong and what to write instead."""
    with pytest.raises(BadInput, match=rf"m\.jsonl:2: .*{told}"):
        read([saved(tmp_path / "m.jsonl", OLD, row)])


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xff\xfe\x00"], ids=["empty", "blank", "binary"])
def test_reading_refuses_a_file_without_questions(tmp_path, raw):
    """Nothing to measure is an error, not a figure."""
    path = tmp_path / "m.jsonl"
    path.write_bytes(raw)
    with pytest.raises(BadInput, match=r"m\.jsonl: "):
        read([str(path)])


def test_reading_refuses_what_is_not_there(tmp_path):
    """A file that is missing and a folder with no file of questions, by name."""
    for name in (tmp_path / "nowhere.jsonl", tmp_path):
        with pytest.raises(BadInput, match=name.name):
            read([str(name)])
