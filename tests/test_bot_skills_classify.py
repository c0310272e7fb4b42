"""A posting pasted into a chat is recognised and judged; an open question is settled by a tap."""

from __future__ import annotations

import pytest

from bot.assistant import reply
from bot.model import Chat, Message
from bot.postings.output import name_of
from bot.render.text import as_text
from bot.skills import classify as skill
from bot.texts import say
from knowledge.engine.model import LANGUAGES
from rules.postings.classify import classify
from rules.postings.model import Decision, Posting
from rules.questions.model import Band

POSTINGS = [
    (
        "zh",
        "内容编辑\n岗位职责：\n1、负责频道的选题策划、组稿和文章编辑；\n2、对投稿进行审稿、改稿和校对；"
        "\n任职要求：\n1、两年以上编辑经验；\n2、限女性，35岁以下。",
    ),
    (
        "en",
        "Content Editor\nResponsibilities:\n- Own the editorial calendar and write articles\n"
        "- Edit articles from freelancers and proofread\nRequirements:\n- 3+ years of experience",
    ),
    (
        "ja",
        "コンテンツ編集\n仕事内容：\n・オウンドメディアの記事作成、記事編集、校正\n"
        "・特集企画の立案とライターディレクション\n応募資格：\n・編集経験3年以上",
    ),
    (
        "ko",
        "콘텐츠 에디터\n주요업무:\n- 콘텐츠 기획과 원고 작성, 원고 편집\n"
        "- 아티클 발행과 콘텐츠 큐레이션\n자격요건:\n- 관련 경력 3년 이상",
    ),
]
ENGINEER = (
    "Java开发工程师\n岗位职责：\n1、负责后端系统的开发与代码编写；\n2、参与数据库设计和性能优化；"
    "\n任职要求：\n1、熟悉Java、Spring、MySQL。"
)
VAGUE = (
    "Responsibilities:\n- Talk to people about content\n- Help the team with the community\n"
    "Requirements:\n- Degree or equivalent\n- Reliable and friendly, able to work on site"
)
SILENT = "岗位职责：\n1、按时到岗，认真做事；\n2、听从安排。\n任职要求：\n1、本科以上。"
QUESTIONS = [
    "我们公司准备成立一个新媒体部门，想请问一下新媒体运营和新媒体营销这两个岗位在职责、指标和考核方面"
    "到底有什么区别，应该先招哪一个？",
    "老板让我负责公众号、小红书、抖音三个平台，还要做活动策划和直播带货，这到底算内容运营还是新媒体运营？"
    "两者的岗位职责和任职要求分别是什么？",
    "请问：\n1. 内容运营主要做什么？\n2. 用户运营主要做什么？\n3. 这两个岗位怎么配合？谢谢！",
    "I have been asked to set up a content team next quarter and wonder what the responsibilities "
    "and requirements of a content operations specialist usually are, could you explain?",
    "Two things:\n- What does content operations do?\n- What does community operations do?\n"
    "- Who writes articles and who moderates comments?",
    "新しくマーケティング部門を立ち上げるのですが、コンテンツ運用と広報の仕事内容と応募資格の違いを"
    "教えていただけますか？",
    "콘텐츠 운영과 홍보 담당자의 주요업무와 자격요건이 어떻게 다른지 자세히 알려 주실 수 있을까요?",
]


def said(text, book, chat=None, language=None):
    """The outcome of one message."""
    return reply(Message(text, language), chat or Chat(), book)


@pytest.mark.parametrize(("language", "text"), POSTINGS, ids=[row[0] for row in POSTINGS])
def test_classify_recognises_a_pasted_posting(book, language, text):
    """It is judged in its own language, on its words, and the chat is about that role."""
    outcome = said(text, book)
    told = as_text(outcome.reply)
    assert (outcome.answer.intent, outcome.answer.band) == ("classify", Band.ANSWER)
    assert outcome.answer.entry == outcome.chat.conversation.entry == "role.content_operations"
    assert outcome.reply.language == language
    assert outcome.reply.choices == ()
    assert say(language, "classify.heading") in told
    assert say(language, "classify.evidence") in told
    assert book.pack.version in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_classify_answers_in_the_language_asked_for(book, language):
    """Whoever has chosen a language reads the verdict in it; quoted words stay as they are."""
    told = as_text(said(POSTINGS[0][1], book, language=language).reply)
    assert say(language, "classify.heading") in told
    assert say(language, "classify.odd.sex", text="限女性") in told
    assert say(language, "classify.odd.age", text="35岁以下") in told


def test_classify_goes_on_with_the_role(book):
    """After the verdict a short question is about the role found."""
    outcome = said(POSTINGS[0][1], book)
    assert said("它看哪些指标", book, outcome.chat).answer.entry == "role.content_operations"


def test_classify_says_what_is_out_of_scope(book):
    """An engineer is not forced into marketing; the trade is named, and no entry is offered."""
    outcome = said(ENGINEER, book)
    assert (outcome.answer.band, outcome.answer.entry) == (Band.DECLINE, None)
    assert name_of("engineering", book.pack, "zh") in as_text(outcome.reply)


def test_classify_asks_where_it_cannot_tell(book):
    """An open verdict offers the candidates by name, and the chat is about none of them yet."""
    verdict = classify(Posting(VAGUE), book.pack)
    assert verdict.decision is Decision.ASK
    outcome = said(VAGUE, book)
    assert (outcome.answer.band, outcome.chat.conversation.entry) == (Band.SUGGEST, None)
    assert [c.entry for c in outcome.reply.choices] == [f"role.{f}" for f in verdict.question]
    assert len(outcome.reply.choices) > 1
    assert outcome.reply.prompt == say("en", "classify.question")
    for choice, function in zip(outcome.reply.choices, verdict.question, strict=True):
        assert name_of(function, book.pack, "en") in choice.label


@pytest.mark.parametrize("language", LANGUAGES)
def test_classify_takes_the_pick_as_the_verdict(book, language):
    """Each number confirms its function, and the chat is about that role from then on."""
    before = said(VAGUE, book, language=language)
    for number, choice in enumerate(before.reply.choices, 1):
        after = said(str(number), book, before.chat, language)
        name = name_of(choice.entry.removeprefix("role."), book.pack, language)
        told = as_text(after.reply)
        assert (after.answer.band, after.answer.entry) == (Band.ANSWER, choice.entry)
        assert after.chat.conversation.entry == choice.entry
        assert say(language, "classify.picked", function=name) in told
        assert after.reply.choices == ()


def test_classify_refuses_a_pick_that_was_not_offered(book):
    """The question stays open."""
    before = said(VAGUE, book)
    after = said("9", book, before.chat)
    assert (after.answer.band, after.chat) == (Band.DECLINE, before.chat)


def test_classify_without_any_word_asks_for_the_duties(book):
    """Nothing known in it: no guess and nothing to pick."""
    outcome = said(SILENT, book)
    assert (outcome.answer.intent, outcome.answer.entry) == ("classify", None)
    assert outcome.reply.choices == ()
    assert say("zh", "classify.result_none") in as_text(outcome.reply)


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_classify_leaves_long_questions_to_the_knowledge(book, question):
    """A question about duties and requirements is a question, however long and listed."""
    assert said(question, book).answer.intent != "classify"


def test_classify_shows_every_word_when_asked(book):
    """--why shows all evidence, of other functions too; else the weightiest."""
    text = POSTINGS[0][1] + "\n3、维护社群；\n4、拓展客户"
    verdict = classify(Posting(text), book.pack)
    few, every = (
        "\n".join(str(block) for block in skill.blocks(verdict, book.pack, "zh", all_))
        for all_ in (False, True)
    )
    assert all(f"“{signal.text}”" in every for signal in verdict.evidence)
    assert not all(f"“{signal.text}”" in few for signal in verdict.evidence)
