"""Our own classifier takes a drafted posting for its role, and finds nothing wrong in it."""

from __future__ import annotations

import pytest

from bot.assistant import reply
from bot.model import Chat, Message, Turn
from bot.render.text import as_text
from bot.skills.draft import draft
from bot.texts import say
from knowledge.engine.model import LANGUAGES
from rules.load import ROOT
from rules.postings import detect
from rules.postings.classify import classify
from rules.questions.model import Answer, Band

FUNCTIONS = sorted(
    path.stem for path in (ROOT / "functions").glob("*.yaml") if "." not in path.stem
)
ABOUT_THE_PERSON = {"age", "sex", "marital", "appearance"}
DRAFTS = [(function, language) for function in FUNCTIONS for language in LANGUAGES]
ASKED = [
    ("内容运营的招聘JD", "zh"),
    ("帮我写个内容运营的JD", "zh"),
    ("内容运营招聘启事模板", "zh"),
    ("给我来一版内容运营招聘", "zh"),
    ("write a job posting for content operations", "en"),
    ("job ad for content operations", "en"),
    ("write me a job description for content operations", "en"),
    ("コンテンツ運営の求人票を作って", "ja"),
    ("コンテンツ運営の求人を書いてください", "ja"),
    ("콘텐츠 운영 채용 공고 써줘", "ko"),
    ("콘텐츠 운영 구인 글 작성해줘", "ko"),
]
NAMELESS = [
    "帮我写一份招聘JD",
    "招聘启事模板",
    "write a job posting",
    "求人票を作って",
    "채용 공고 써줘",
]


def drafted(function, language, book):
    """The text of the draft for that role."""
    answer = Answer(Band.ANSWER, "posting_draft", f"role.{function}", "", 1.0)
    turn = Turn(Message("", language), Chat(), book, answer, language, None)
    return as_text(draft(turn).reply)


@pytest.mark.parametrize(
    ("function", "language"), DRAFTS, ids=[f"{name}-{lang}" for name, lang in DRAFTS]
)
def test_draft_is_classified_as_its_own_role(book, function, language):
    """Copied whole and pasted back, the draft belongs to the role it was made for."""
    verdict = classify(detect.read(drafted(function, language, book), book.pack), book.pack)
    assert verdict.function == function


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_draft_has_no_word_about_the_person(book, function, language):
    """Not even the advice below it says anything that would be flagged."""
    verdict = classify(detect.read(drafted(function, language, book), book.pack), book.pack)
    assert ABOUT_THE_PERSON.isdisjoint(odd.kind for odd in verdict.flags)


@pytest.mark.parametrize(("question", "language"), ASKED, ids=[row[0] for row in ASKED])
def test_draft_is_written_when_asked_for(book, question, language):
    """The request gives the draft, in the language of the request, with its source."""
    outcome = reply(Message(question), Chat(), book)
    assert as_text(outcome.reply) == drafted("content_operations", language, book)
    assert outcome.chat.conversation.entry == "role.content_operations"


@pytest.mark.parametrize("question", NAMELESS)
def test_draft_asks_for_which_role(book, question):
    """Without a role there is nothing to draft, only a question, and nothing to pick."""
    outcome = reply(Message(question), Chat(), book)
    assert (outcome.answer.intent, outcome.answer.entry) == ("posting_draft", None)
    assert as_text(outcome.reply) == say(outcome.reply.language, "draft.which")


@pytest.mark.parametrize("question", ["内容运营招聘一般多少工资", "帮我写一篇公众号推文"])
def test_draft_is_not_written_for_what_is_not_held(book, question):
    """Pay is not held, and other texts are not written."""
    assert reply(Message(question), Chat(), book).answer.limit


def test_draft_leaves_questions_about_postings_to_the_knowledge(book):
    """What to check in a posting is a checklist, whatever words of a draft are in it."""
    text = as_text(reply(Message("发布招聘信息前要检查什么"), Chat(), book).reply)
    assert book.base.title("checklist.job_posting", "zh") in text
    assert say("zh", "draft.which") not in text
