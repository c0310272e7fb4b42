"""A question in Traditional script is answered in it; one in Simplified as ever."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from chat_help import TYPED, Phone, app_on

import bot
import knowledge
from bot import ask as asking
from bot.language import OWN_SCRIPT, writes
from bot.model import Action, Chat, Heading, Message, Outcome, Paragraph, Reply
from bot.script.convert import WORDS, convert_part, in_script
from bot.script.detect import HONG_KONG, SIMPLIFIED, TAIWAN, script_of
from bot.serialize import chat_from, chat_to
from bot.texts import paths
from rules.questions.model import Answer, Band, Evidence

KINDS = (
    "roles", "departments", "comparisons", "brand_cycle", "practices", "misconceptions",
    "concepts", "metrics", "tools", "checklists", "organizations",
)  # fmt: skip
STANDARD = {TAIWAN: "嘞", HONG_KONG: "嘞户着税兑脱温"}
"""The usual characters there although Big5 lacks them: a particle, and forms of Hong Kong."""
SCRIPTS = [
    ("內容運營做什麼", TAIWAN),
    ("誰負責寫新聞稿？", TAIWAN),
    ("KOL嘅工作係乜", HONG_KONG),
    ("我哋冇人寫文案，邊個負責", HONG_KONG),
    ("唔知搵邊個", HONG_KONG),
    ("内容运营做什么", SIMPLIFIED),
    ("运营嘅工作", SIMPLIFIED),
    ("唔，KOL是什么", SIMPLIFIED),
    ("陳總问运营和营销的区别", SIMPLIFIED),
    ("品牌", SIMPLIFIED),
    ("what is SEO", SIMPLIFIED),
    ("", SIMPLIFIED),
]
TERMS = [
    (TAIWAN, "用户运营和短视频营销", "使用者營運和短影音行銷"),
    (TAIWAN, "在视频号里写脚本", "在視頻號裡寫腳本"),
    (TAIWAN, "目标对象与发布后台", "目標對象與發布後台"),
    (TAIWAN, "吸引使用户更方便", "吸引讓使用者更方便"),
    (TAIWAN, "在线下办活动，在线客服", "在線下辦活動，線上客服"),
    (TAIWAN, "电信运营商", "電信業者"),
    (TAIWAN, "把素材保存并发布", "把素材保存並發布"),
    (TAIWAN, "一个人干的事", "一個人幹的事"),
    (TAIWAN, "日本，男女雇用機会均等法", "日本，男女雇用機会均等法"),
    (HONG_KONG, "日本，男女雇用機会均等法", "日本，男女雇用機会均等法"),
    (HONG_KONG, "用户运营和短视频营销", "用户營運和短片營銷"),
    (HONG_KONG, "信息质量", "資訊質素"),
]


def only_simplified(text: str, script: str) -> set[str]:
    """The characters that a reader of that script does not know."""
    return {
        char
        for char in text
        if "\u3400" <= char <= "\u9fff"
        and writes("gb2312", char)
        and not writes("big5", char)
        and char not in STANDARD[script]
    }


def strings(value: Any) -> Iterator[str]:
    """Every text in a YAML document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


@pytest.mark.parametrize(("text", "script"), SCRIPTS, ids=[row[0] or "empty" for row in SCRIPTS])
def test_script_is_that_of_the_characters_only_one_script_writes(text, script):
    assert script_of(text) == script


def test_script_of_a_conversation_holds_until_the_words_say_otherwise():
    """Numbers, names and shared characters say nothing; Traditional words stay in Hong Kong."""
    for before in (TAIWAN, HONG_KONG):
        for text in ("", "2", "SEO", "品牌", "誰負責"):
            assert script_of(text, before) == before
        assert script_of("谁负责运营", before) == SIMPLIFIED
    assert script_of("邊個負責嘅", TAIWAN) == HONG_KONG


@pytest.mark.parametrize("script", [TAIWAN, HONG_KONG])
def test_the_whole_content_is_told_without_a_simplified_character(script):
    """Entries and sentences, however a text is put; and telling it again changes nothing."""
    files = [*paths("zh"), Path(knowledge.__file__).parent / "sources.yaml"]
    for kind in KINDS:
        files += sorted((Path(knowledge.__file__).parent / kind).glob("*.yaml"))
    assert len(files) > 300
    left = {}
    for path in files:
        for text in strings(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)):
            if OWN_SCRIPT.search(text):
                continue  # what a claim says in Japanese
            told = convert_part(text, script)
            if only_simplified(told, script):
                left[told] = only_simplified(told, script)
            assert convert_part(told, script) == told
    assert left == {}


@pytest.mark.parametrize(("script", "text", "told"), TERMS, ids=[row[2] for row in TERMS])
def test_words_are_those_of_the_place(script, text, told):
    assert convert_part(text, script) == told


def test_words_are_in_traditional_script_on_both_sides():
    """A word on the left that OpenCC never gives would be found nowhere. A law of Japan is written
    as it is there."""
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    assert set(words) == {TAIWAN, HONG_KONG}
    for script, pairs in words.items():
        for right in set(pairs.values()) - {"男女雇用機会均等法"}:
            assert not only_simplified(right, script)


def test_what_is_not_ours_stays():
    """Quoted words of the message, names, addresses, ids and what an action does."""
    text = "我们的“运营”是什麼，關於這個為"
    answer = Answer(
        Band.ANSWER, "define", "role.brand", "summary", 1.0,
        evidence=(Evidence("name", "运营", 4, 6),),
    )  # fmt: skip
    reply = Reply(
        "zh",
        (
            Heading("运营", entry="role.运营"),
            Paragraph("“运营”和“营销”，后勇的简历.xlsx，见 https://例.cn/运营，运营"),
        ),
        (Action("运营", "pick", ("role.运营", "summary", "运营")),),
        why=("“运营”是“营销”的名字",),
    )
    told = in_script(Outcome(reply, Chat(), answer), text, Chat(), ("后勇", "简历.xlsx"))
    assert told.chat.script == TAIWAN
    assert told.reply.blocks == (
        Heading("營運", entry="role.运营"),
        Paragraph("“运营”和“行銷”，后勇的简历.xlsx，見 https://例.cn/运营，營運"),
    )
    assert told.reply.actions == (Action("營運", "pick", ("role.运营", "summary", "运营")),)
    assert told.reply.why == ("“运营”是“行銷”的名字",)


@pytest.mark.parametrize("question", ["what does content operations do", "内容运营做什么"])
def test_other_replies_are_the_same_object(question, book):
    """Nothing is made anew for those who do not write Traditional script."""
    outcome = asking.reply(Message(question), Chat(), book)
    assert in_script(outcome, question, Chat()) is outcome


def test_opencc_is_imported_with_the_first_traditional_question():
    """A cold question in Simplified script does not wait for it."""
    code = (
        "import contextlib, io, sys; from bot.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()): main()\n"
        "print('opencc' in sys.modules)"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, "ask", question], capture_output=True, text=True,
            check=True, cwd=Path(bot.__file__).parents[1],
        ).stdout.strip()
        for question in ("内容运营做什么", "內容運營做什麼")
    ]  # fmt: skip
    assert loaded == ["False", "True"]


def test_web_answers_in_traditional_script_and_keeps_it(server):
    """Through a real request: the text alone differs; ids and the fields of evidence do not."""
    with server.client() as client:
        simplified = client.post("/api/ask", json={"question": "内容运营做什么"}).json()
        traditional = client.post("/api/ask", json={"question": "內容運營做什麼"}).json()
        assert traditional["text"].startswith("內容營運 · 職責")
        assert not only_simplified(traditional["text"], TAIWAN)
        assert only_simplified(simplified["text"], TAIWAN)
        for field in ("band", "intent", "entry", "section", "lang", "sources", "compared"):
            assert traditional[field] == simplified[field]
        assert {one["text"] for one in traditional["evidence"]} >= {"內容運營"}
        first = {"question": "內容運營做什麼", "chat": "script"}
        client.post("/api/ask", json=first)
        follow = client.post("/api/ask", json={"question": "2", "chat": "script"}).json()
        assert "營運" in follow["text"] and not only_simplified(follow["text"], TAIWAN)
        back = client.post("/api/ask", json={"question": "谁负责新闻稿", "chat": "script"}).json()
        assert only_simplified(back["text"], TAIWAN)


def test_platform_answers_presses_in_the_script_of_the_chat(store, live):
    """Buttons and numbers of Telegram and WeChat are told in it, too; each chat has its own."""
    app = app_on(store, live, allow=("1", "2"))
    phone = Phone(app, "1")
    text = phone.say("內容運營做什麼")
    labels = [button.label for row in phone.last.buttons for button in row]
    assert "營運" in text and labels
    assert not only_simplified(text + "".join(labels), TAIWAN)
    typed = Phone(app, "2", TYPED)
    for message in ("我哋冇人做內容運營，佢做乜嘢", "1", "為什麼"):
        text = typed.say(message)
        assert text and not only_simplified(text, HONG_KONG)
    assert only_simplified(Phone(app, "1", TYPED).say("内容运营做什么"), TAIWAN)


def test_batch_keeps_the_script_of_each_chat(book, tmp_path):
    lines = [
        {"question": "內容運營做什麼", "chat": "a"},
        {"question": "内容运营做什么", "chat": "b"},
        {"question": "1", "chat": "a"},
        {"question": "1", "chat": "b"},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with (tmp_path / "out.jsonl").open("w", encoding="utf-8") as out:
        asking.batch(str(tmp_path / "in.jsonl"), book, None, out)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [bool(only_simplified(row["text"], TAIWAN)) for row in rows] == [False, True] * 2


def test_chat_of_an_older_release_is_read(book):
    """A row without the script is one in Simplified script; one of a newer release is, too."""
    row = chat_to(Chat(script=TAIWAN))
    assert chat_from(row) == Chat(script=TAIWAN)
    del row["script"]
    assert chat_from(row) == Chat()
    unknown = replace(Chat(), script="singapore")
    outcome = asking.reply(Message("品牌", "zh"), unknown, book)
    assert in_script(outcome, "品牌", unknown).reply is outcome.reply
