"""Why an answer was given is said to a person."""

import re

import pytest

from bot.assistant import reply
from bot.model import Chat, Footnote, Message
from bot.texts import has, say
from bot.views.why import account, lines
from knowledge.engine.model import LANGUAGES
from rules.questions.model import Answer, Band, Candidate, Evidence

ROLE = "role.public_relations"
EVIDENCE = (
    Evidence("cue", "谁负", 0, 2, "owner"),
    Evidence("cue", "谁负责", 0, 3, "owner"),
    Evidence("name", "通稿", 3, 5, "concept.press_release"),
    Evidence("signal", "通稿", 3, 5, ROLE),
    Evidence("word", "媒体", 5, 7, ROLE),
    Evidence("word", "没人", 7, 9, ROLE),
    Evidence("state", "没人看", 7, 10, "nobody_sees"),
)
ANSWER = Answer(
    Band.ANSWER, "owner", ROLE, "responsibilities", 0.62,
    (Candidate("role.brand", 0.4, "responsibilities"),), evidence=EVIDENCE, guess=True,
    signs=(("foreign", 0.9), ("lead", 0.5)),
)  # fmt: skip


def test_why_tells_words_certainty_rivals_and_what_spoke_against_it_in_that_order(book):
    """The reasons first, then how sure it is; what only an editor reads comes last."""
    assert lines(ANSWER, book, "zh")[:-1] == (
        "“谁负责”表示您问的是：归谁。",
        "“通稿”是“新闻稿”的名字。",
        "“通稿”是“公关”的工作。",
        "这些词在“公关”里也有：“媒体”。",
        "您说的“没人看”，是“公关”能帮上的情形。",
        "回答取自“公关”的“职责”。",
        "把握：不够肯定，这是最可能的一个。",
        "排在后面、没有用的：品牌。",
        "不利的一面：有些词像是别的领域的。",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_shows_no_identifier_but_in_its_last_line(book, language):
    """No id, no intent, no file and no number stands among the reasons."""
    *told, technical = lines(ANSWER, book, language)
    assert not [line for line in told if re.search(r"[a-z]+[._][a-z]|\d\.\d|owner", line)]
    assert all(part in technical for part in ("roles/public_relations", "0.62", book.version))
    assert isinstance(account(ANSWER, book, language)[-1], Footnote)


@pytest.mark.parametrize("language", ["zh", "ja", "ko"])
def test_why_is_told_in_one_language(book, language):
    """Beside what was typed there is no English word."""
    told = lines(ANSWER, book, language)[:-1]
    assert not [line for line in told if re.search("[a-z]{3}", line)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_has_words_for_every_intent(book, language):
    """Whatever is asked of the knowledge has a name."""
    asked = (set(book.intents) - book.replies) | set(book.wants)
    assert not [name for name in asked if not has(language, f"intent.{name}")]


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(Evidence("limit", "工资", 0, 2, "salary"), id="limit"),
        pytest.param(Evidence("chat", "", 0, 0, ROLE), id="leans"),
        pytest.param(Evidence("chat", "", 0, 0, "owner"), id="carried"),
        pytest.param(Evidence("pronoun", "它", 0, 1), id="pronoun"),
        pytest.param(Evidence("near", "公共关系", 0, 4, ROLE), id="near"),
        pytest.param(Evidence("example", "谁写", 0, 2, ROLE), id="example"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_why_has_a_sentence_for_every_kind_of_evidence(book, evidence, language):
    """Nothing that counted goes unsaid."""
    bare = Answer(Band.DECLINE, "define", None, "", 0.1)
    with_it = Answer(Band.DECLINE, "define", None, "", 0.1, evidence=(evidence,))
    assert len(lines(with_it, book, language)) == len(lines(bare, book, language)) + 1


def test_why_is_the_same_below_an_answer_and_when_it_is_asked_for(book):
    """What the web page folds away is what the chat tells."""
    first = reply(Message("谁负责写新闻稿"), Chat(), book)
    second = reply(Message("为什么这样回答"), first.chat, book)
    told = second.reply.blocks[0]
    assert told.title == say("zh", "why.title")
    assert (*told.items, second.reply.blocks[1].text) == first.reply.why
