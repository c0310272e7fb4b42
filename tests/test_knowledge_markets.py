"""What holds in one market only: how it is read, what is said of mistakes, and where it is told."""

from __future__ import annotations

import datetime
from pathlib import Path

import opencc
import pytest

from bot.model import Chat, Footnote, Message, Reply, Turn
from bot.render.text import as_text
from bot.script.convert import CONVERSIONS, convert_part
from bot.script.detect import HONG_KONG, SIMPLIFIED, TAIWAN
from bot.skills import respond
from bot.texts import say
from bot.views.entry import entry_blocks
from bot.web import library
from bot.web.api.entries import entry_json
from knowledge.engine import check, load, markets
from knowledge.engine.base import ROOT
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook
from rules.questions.model import Answer, Band
from tests.test_knowledge_cites import written

NOTES = """
- id: jp_words
  market: jp
  law: 言葉の法
  checked: "2026-12-01"
  entries: [concept.word]
  zh: 日本的规矩
  en: The rule in Japan
  ja: 日本の決まり
  ko: 일본의 규칙
- id: kr_words
  market: kr
  entries: [concept.word]
  zh: 韩国的平台
  en: Platforms in Korea
  ja: 韓国の媒体
  ko: 한국 플랫폼
"""


def problems(folder: Path, notes: str) -> list[str]:
    """What is wrong with these notes beside one entry, as an editor reads it."""
    (folder / "markets.yaml").write_text(notes, "utf-8")
    loaded = written(folder)
    return [str(one) for one in (*loaded.problems, *check.check(loaded))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("market: jp", "market: jp", ""),
        ("market: jp", "market: mars", "market: expected one of cn, tw, hk, jp"),
        ('  checked: "2026-12-01"\n', "", "a law needs the day it was checked"),
        ("  law: 言葉の法\n", "", "a law needs the day it was checked"),
        ("2026-12-01", "2026-02-30", "'2026-02-30' is no day of the calendar"),
        ("[concept.word]", "[concept.wrod]", "there is no entry 'concept.wrod'"),
        ("id: kr_words", "id: jp_words", "there is already a note 'jp_words'"),
        ("id: kr_words", "id: us_words", "should begin with 'kr_'"),
        ("  ja: 韓国の媒体\n", "", "missing key 'ja'"),
    ],
)
def test_a_note_that_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """With the file, the line and the remedy."""
    found = problems(tmp_path, NOTES.replace(old, new))
    assert any(message in one and "markets.yaml:" in one for one in found) if message else not found


@pytest.mark.parametrize(("days", "due"), [(30, []), (29, ["jp_words"])])
def test_a_law_that_was_not_looked_up_in_time_is_due(
    tmp_path: Path, days: int, due: list[str]
) -> None:
    """Platforms have no day and are never due."""
    (tmp_path / "markets.yaml").write_text(NOTES, "utf-8")
    ((_, notes),) = written(tmp_path).markets
    today = datetime.date(2026, 12, 31)
    assert [id_ for id_, _ in markets.due_laws(notes, today, days)] == due


def test_an_organization_adds_notes_of_its_own(tmp_path: Path) -> None:
    """To an entry of ours, too; ours stay."""
    ours, own = tmp_path / "ours", tmp_path / "own" / "knowledge"
    ours.mkdir()
    own.mkdir(parents=True)
    (ours / "markets.yaml").write_text(NOTES, "utf-8")
    written(ours)
    (own / "markets.yaml").write_text(NOTES.replace("_words", "_more"), "utf-8")
    loaded = load.load(ours, own)
    assert [len(notes) for _, notes in loaded.markets] == [2, 2] and not loaded.problems


def asked(
    book: RuleBook, entry: str, section: str, language: str, text: str = "…", before: str = ""
) -> Reply:
    """The reply to a question that this section answers."""
    answer = Answer(Band.ANSWER, "define", entry, section, 1.0)
    return respond(
        Turn(Message(text, language), Chat(script=before), book, answer, language, None)
    ).reply


def among(told_: str) -> list[str]:
    """The markets that lines of a Chinese text begin with, each once, in their order."""
    names = {say("zh", f"market.{one}"): one for one in ("cn", "tw", "hk", "jp", "us")}
    lines = (line.strip(" -•").partition("，")[0].partition("：")[0] for line in told_.split("\n"))
    return list(dict.fromkeys(names[line] for line in lines if line in names))


@pytest.mark.parametrize(
    ("language", "here", "elsewhere"),
    [
        ("zh", "互联网广告管理办法", "景品表示法"),
        ("ja", "景品表示法（ステマ告示）（2026-", "互联网广告管理办法"),
        ("ko", "표시광고법", "互联网广告管理办法"),
        ("en", "FTC Endorsement Guides", "互联网广告管理办法"),
    ],
)
def test_an_answer_tells_the_law_of_the_readers_own_market(
    book: RuleBook, language: str, here: str, elsewhere: str
) -> None:
    """And the whole entry that of every market, the reader's own first."""
    told_ = as_text(asked(book, "concept.seeding", "points", language))
    assert here in told_ and elsewhere not in told_.partition(say(language, "markets.here"))[2]
    entry = book.base.entry("concept.seeding", language)
    shown = as_text(Reply(language, tuple(entry_blocks(entry, book.base, language))))
    assert 0 < shown.index(here) < shown.index(elsewhere)


@pytest.mark.parametrize(
    ("text", "before", "here"),
    [
        ("什么是种草", SIMPLIFIED, ["cn"]),
        ("什麼是種草", SIMPLIFIED, ["tw", "hk"]),
        ("種草係乜嘢嚟㗎，點解咁多人講嘅", SIMPLIFIED, ["hk"]),
        ("KOC", SIMPLIFIED, ["cn"]),
        ("KOC", TAIWAN, ["tw", "hk"]),
        ("", HONG_KONG, ["hk"]),
    ],
)
def test_who_writes_traditional_chinese_is_told_of_taiwan_and_hong_kong(
    book: RuleBook, text: str, before: str, here: list[str]
) -> None:
    """As the words show, or the conversation did where they do not; the mainland is for others."""
    reply = asked(book, "concept.seeding", "points", "zh", text, before)
    assert among(as_text(reply)) == here


@pytest.mark.parametrize(
    ("script", "first"), [(SIMPLIFIED, ["cn"]), (TAIWAN, ["tw", "hk"]), (HONG_KONG, ["hk"])]
)
def test_a_page_begins_with_the_markets_of_the_readers_script(
    book: RuleBook, script: str, first: list[str]
) -> None:
    """All others follow; of another language the script says nothing."""
    parts = library.entry_page(book.base, "concept.seeding", "zh", script).parts
    order = among(as_text(Reply("zh", parts[-1].blocks)))
    assert order[: len(first)] == first and set(order) == {"cn", "tw", "hk", "jp", "us"}
    in_english = library.entry_page(book.base, "concept.seeding", "en", script).parts[-1]
    assert in_english == library.entry_page(book.base, "concept.seeding", "en").parts[-1]


@pytest.mark.parametrize("script", CONVERSIONS)
def test_a_law_keeps_its_name_in_traditional_script(script: str) -> None:
    """A mainland law in other characters, not in other words; one of there as it is."""
    ((_, notes),) = load.load(ROOT).markets
    plain = opencc.OpenCC("t2s").convert
    own = {TAIWAN: "tw", HONG_KONG: "hk"}[script]
    for note in notes:
        if note.law and note.market in ("cn", own):
            shown = convert_part(f"{note.law}：时间", script).removesuffix("：時間")
            assert (plain(shown) if note.market == "cn" else shown) == note.law


def test_beside_an_article_the_lines_are_marked_as_general(book: RuleBook) -> None:
    """No article states a law of Japan."""
    reply = asked(book, "role.private_domain_operations", "responsibilities", "ja")
    shown = as_text(reply)
    assert f"{say('ja', 'markets.here')} †" in shown and "LINE公式アカウント" in shown
    assert any(isinstance(b, Footnote) and b.text.startswith("†") for b in reply.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_api_tells_the_notes_as_data(book: RuleBook, language: str) -> None:
    """Market, law and day apart from the text, which is in the language asked for."""
    rows = entry_json(book, "checklist.job_posting", language)["markets"]
    laws = {row["market"]: row for row in rows if row["law"]}
    assert set(laws) >= {"cn", "jp", "kr", "us", "uk"}
    assert all(row["checked"] for row in laws.values())
    (note,) = (n for n in book.base.markets("checklist.job_posting") if n.id == "jp_hiring")
    assert laws["jp"]["text"] == note.text(language)


def test_every_subject_is_told_for_the_four_markets() -> None:
    """Where one market has platforms or a law, those of the other languages stand beside it; the
    law is also told for those who write Traditional Chinese. On AI content and on selling live
    not every market has a law of its own."""
    single = {"ai_content", "live_selling"}
    ((_, notes),) = load.load(ROOT).markets
    subjects: dict[str, set[str]] = {}
    for note in notes:
        subjects.setdefault(note.id.partition("_")[2], set()).add(note.market)
    lacking = {name for name, told_ in subjects.items() if not {"cn", "jp", "kr", "us"} <= told_}
    assert lacking == single
    laws = {note.id.partition("_")[2] for note in notes if note.law and note.market == "cn"}
    assert {n for n in laws if not {"tw", "hk"} <= subjects[n]} == single
