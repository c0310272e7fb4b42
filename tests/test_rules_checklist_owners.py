"""Owners and dates as people write them about an item: in brackets alone, with an @, bare."""

from __future__ import annotations

import pytest

from rules.checklists.draft import Aside
from rules.checklists.reading import read, with_owner_choice

LABELS = {"owners": "owners", "not_owners": "not owners"}


def told(text, *people):
    """(text, owner, due) of every item."""
    return [(one.text, one.owner, one.due) for one in read(text, people).items]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Book the room T-3d", ("Book the room", "", "T-3d")),
        ("Book the room, T-3", ("Book the room", "", "T-3d")),
        ("Book the room D-3", ("Book the room", "", "T-3d")),
        ("Book the room T+2 weeks", ("Book the room", "", "T+2w")),
        ("T-2h: Book the room", ("Book the room", "", "T-2h")),
        ("[T-3d] Book the room", ("Book the room", "", "T-3d")),
        ("Book the room (D-3)", ("Book the room", "", "T-3d")),
        ("Book the room (D-day)", ("Book the room", "", "T")),
        ("订场地 T-3天", ("订场地", "", "T-3d")),
        ("T-1周 订场地", ("订场地", "", "T-1w")),
        ("会場を予約する T-2週", ("会場を予約する", "", "T-2w")),
        ("장소 예약 D-3일", ("장소 예약", "", "T-3d")),
        ("Book the room @anna", ("Book the room", "anna", "")),
        ("Book the room @anna T-3d", ("Book the room", "anna", "T-3d")),
        ("Book the room T-3d @anna", ("Book the room", "anna", "T-3d")),
        ("@anna Book the room", ("Book the room", "anna", "")),
        ("@anna: Book the room", ("Book the room", "anna", "")),
        ("订场地@小王", ("订场地", "小王", "")),
        ("@小王 订场地", ("订场地", "小王", "")),
        ("Book the room @anna @bob", ("Book the room", "anna, bob", "")),
        ("订场地（@小王，T-3）", ("订场地", "小王", "T-3d")),
    ],
)
def test_owner_and_offset_are_read_without_brackets(line, wanted):
    """At either end of the line, in all four languages; they do not stay in the text."""
    assert told(f"- {line}\n- another one\n")[0] == wanted


@pytest.mark.parametrize(
    "line",
    [
        "Send the newsletter (EDM)",
        "Print posters (A4, 2 copies)",
        "Write to mail@firm.com",
        "Write to (mail@firm.com)",
        "Follow up with @anna",
        "Look at @firm.com",
        "发邮件给@客户",
        "订场地（室内）",
        "Buy insurance (optional)",
        "Post the teaser (Instagram)",
        "Order A-3 paper",
        "Read chapter BT-3",
        "印海报（高清）",
        "发布预告（小红书）",
        "전단 인쇄 (컬러)",
        "資料を送る（お客様）",
        "布置（会展中心）",
    ],
)
def test_what_is_no_owner_and_no_offset_stays_in_the_text(line):
    """Brackets with anything else, addresses, and an @ that the sentence needs."""
    assert told(f"- {line}\n- another one\n")[0] == (line, "", "")


NAMED = "1. Book the room (Anna)\n2. Send the newsletter (EDM)\n3. Call the press (Bob)\n"


def test_names_in_brackets_are_owners_where_the_list_says_it_so():
    """Two names make a pattern, a single one does not; other brackets are left alone."""
    assert told(NAMED) == [
        ("Book the room", "Anna", ""),
        ("Send the newsletter (EDM)", "", ""),
        ("Call the press", "Bob", ""),
    ]
    one = NAMED.replace(" (Bob)", "").replace(" (EDM)", "")
    assert told(one)[0] == ("Book the room (Anna)", "", "")


def test_a_name_in_brackets_that_is_known_is_an_owner():
    """A person of the server, written as they are called there; or one named in the list."""
    assert told("- Book the room (anna)\n- Print it\n", "Anna")[0] == ("Book the room", "Anna", "")
    text = "- Book the room @anna\n- Print it (Anna)\n- Fold it\n"
    assert [owner for _, owner, _ in told(text)] == ["Anna", "Anna", ""]


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("订场地（小王）", "小王"),
        ("订场地（王经理）", "王经理"),
        ("审合同（法务）", "法务"),
        ("发预告（市场部）", "市场部"),
        ("Check the contract (legal)", "legal"),
        ("Draw it (Design team)", "Design team"),
        ("会場を予約する（田中さん）", "田中さん"),
        ("장소 예약 (김 대리)", "김 대리"),
    ],
)
def test_words_that_can_only_be_somebody_are_owners(line, owner):
    """Units, roles, and names with what people put before or behind them; once is enough."""
    assert told(f"- {line}\n- another one\n")[0][1] == owner


@pytest.mark.parametrize(
    "text",
    [
        "1. 订场地（王芳）\n2. 写文案（李雷）\n3. 印海报（A4）\n",
        "1. 会場を予約する（佐藤）\n2. 印刷する（鈴木）\n",
        "1. 장소 예약 (민수)\n2. 전단 인쇄 (지영)\n3. 발송 (온라인)\n",
        "Task,Due\nBook the room (Anna),T-3\nPrint it (Bob),T-1\n",
    ],
)
def test_names_in_brackets_are_a_pattern_in_every_language(text):
    """Surnames in Chinese and Japanese; in a table too."""
    assert all(owner for _, owner, _ in told(text)[:2])
    assert all("（A" in words or "(온" in words for words, owner, _ in told(text)[2:])


def test_how_brackets_were_read_is_told_and_can_be_corrected():
    """Each aside with how it was taken; a line before the list says it otherwise."""
    assert read(NAMED).asides == (Aside("Anna", True), Aside("EDM", False), Aside("Bob", True))
    other = with_owner_choice(with_owner_choice(NAMED, "Bob", False, LABELS), "EDM", True, LABELS)
    assert other.startswith("---\nowners: EDM\nnot owners: Bob\n---\n")
    assert [owner for _, owner, _ in told(other)][1:] == ["EDM", ""]
    again = with_owner_choice(other, "Bob", True, LABELS)
    assert again.startswith("---\nowners: EDM, Bob\n---\n")
    assert "1. Book the room" in again
