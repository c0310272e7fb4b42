"""A pasted text: its title and description, and whether it is a posting at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import shipped

from rules.postings import detect

READ = [
    ("职位名称：公关经理\n撰写新闻稿", "公关经理", "撰写新闻稿"),
    ("【岗位名称】：公关经理\n撰写新闻稿", "公关经理", "撰写新闻稿"),
    ("[职位] 公关经理\n撰写新闻稿", "公关经理", "撰写新闻稿"),
    ("Job Title: PR Manager\nWrite press releases", "PR Manager", "Write press releases"),
    ("募集職種：広報担当\n取材対応", "広報担当", "取材対応"),
    ("채용 포지션: 홍보 담당자\n보도자료 작성", "홍보 담당자", "보도자료 작성"),
    ("# 公关经理\n\n撰写新闻稿", "公关经理", "\n撰写新闻稿"),
    ("【公关经理】\n撰写新闻稿", "公关经理", "撰写新闻稿"),
    ("公关经理", "", "公关经理"),
    ("岗位职责：\n撰写新闻稿", "", "岗位职责：\n撰写新闻稿"),
    ("岗位职责\n撰写新闻稿", "", "岗位职责\n撰写新闻稿"),
    ("1、撰写新闻稿\n2、维护媒体", "", "1、撰写新闻稿\n2、维护媒体"),
    ("- Write press releases\n- Edit", "", "- Write press releases\n- Edit"),
    ("我们找一位会写稿的人。\n谢谢", "", "我们找一位会写稿的人。\n谢谢"),
    ("长" * 41 + "\n撰写新闻稿", "", "长" * 41 + "\n撰写新闻稿"),
    ("职位：" + "长" * 60 + "\n撰写新闻稿", "长" * 40, "撰写新闻稿"),
    ("", "", ""),
    (" \n\t\n", "", ""),
]
POSTINGS = {
    "zh-headed": "公司介绍：一家做饼干的公司\n岗位职责：\n1、整理材料\n"
    "任职要求：\n1、本科以上，细心，有耐心，家住附近",
    "en-headed": "About us: a shop\nResponsibilities:\n- Keep the shop\nRequirements:\n- Degree",
    "ja-headed": "【仕事内容】\nお店の仕事をお任せします。\n"
    "【応募資格】\n経験は問いません。明るい方を歓迎します。",
    "ko-headed": "[담당업무]\n- 매장에서 하는 일 전반\n[자격요건]\n"
    "- 성실하고 밝은 분을 찾고 있습니다\n- 경력 무관",
    "zh-listed": "1、撰写新闻稿并发稿；\n2、维护媒体关系，安排媒体采访；\n"
    "3、舆情监测，处理负面信息，危机公关",
}
TALK = {
    "empty": "",
    "question": "公关经理主要负责什么？",
    "short-posting": "岗位职责：写稿。任职要求：本科",
    "long-question": "我想知道公关和品牌有什么区别，平时要写新闻稿吗，还是主要维护媒体关系呢？" * 2,
    "list-of-nothing": "1、今天早上去公园散步，天气很好\n2、中午和朋友一起吃面\n"
    "3、晚上在家看电影，早点睡觉休息，明天再说吧",
    "story": "那天我们走了很远的路，终于看见了海。" * 5,
}


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


@pytest.mark.parametrize(
    ("text", "title", "description"), READ, ids=[row[0][:14] or "empty" for row in READ]
)
def test_paste_finds_the_title(pack, text, title, description):
    """A labelled title or a short first line is the title; a heading or a sentence is none."""
    posting = detect.read(text, pack)
    assert (posting.title, posting.description) == (title, description)


@settings(deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=80))
def test_paste_reads_any_text(pack, text):
    """Whatever is pasted, nothing is invented, and a title is short."""
    posting = detect.read(text, pack)
    assert posting.title in text
    assert posting.description in "\n".join(text.splitlines()) or posting.description in text
    assert len(posting.title) <= detect.MAX_TITLE


@pytest.mark.parametrize("name", POSTINGS)
def test_paste_recognises_a_posting(pack, name):
    """A posting is headed like one, or lists many duties."""
    assert detect.is_posting(POSTINGS[name], pack)


@pytest.mark.parametrize("name", TALK)
def test_paste_takes_no_talk_for_a_posting(pack, name):
    """A question stays a question, however many of our words are in it."""
    assert not detect.is_posting(TALK[name], pack)
