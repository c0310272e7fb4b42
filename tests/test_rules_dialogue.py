"""What a message means in its conversation: pure, bounded, and never at the cost of others."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import serialize
from bot.assistant import reply
from bot.chat.memory import present
from bot.model import Chat, Message
from bot.render.text import as_text
from rules.questions.answer import answer
from rules.questions.model import Band
from rules.questions.remember import next_conversation
from rules.questions.signs import turn_of
from rules.questions.standalone import answer_standalone
from rules.questions.state import EMPTY, Conversation
from rules.questions.utterance import read

BARE = [
    ("zh", "谁负责"), ("zh", "谁来做"), ("zh", "有清单吗"), ("zh", "考核指标是什么"),
    ("zh", "公式是什么"), ("zh", "这俩有什么区别"), ("zh", "它是做什么的"),
    ("en", "who is responsible for it?"), ("en", "is there a checklist?"),
    ("en", "which metrics?"), ("en", "what is the difference between the two?"),
    ("en", "what is the formula"), ("en", "what job titles does it have"),
    ("ja", "誰が担当"), ("ja", "チェックリストはありますか"), ("ja", "指標は何ですか"),
    ("ja", "この二つの違いは"), ("ja", "それの計算式は"),
    ("ko", "누가 담당해요"), ("ko", "체크리스트 있어요?"), ("ko", "지표가 뭐예요"),
    ("ko", "둘이 뭐가 달라요"), ("ko", "그거 공식이 뭐예요"),
]  # fmt: skip
SINGLES = [
    "内容运营主要负责些什么", "KOL和KOC有什么不一样", "第三步是什么", "今天天气怎么样",
    "内容运营一个月工资多少", "谁负责写新闻稿", "那品牌部呢",
    "What does a brand team do?", "what is the first step of the brand cycle",
    "how do I bake bread", "広報の指標は", "브랜드팀은 무슨 일을 하나요",
]  # fmt: skip
WALK = [
    "公关要盯哪些指标", "它的职责呢", "那品牌呢", "这俩的区别", "谢谢", "今天天气怎么样",
    "第二个是什么", "品牌九步是哪九步", "下一步", "谁负责写新闻稿", "有清单吗",
    "不是这个", "what is ROI", "and ROAS?", "which one is better", "換個話題", "KPIとは",
    "それの計算式は", "둘이 뭐가 달라요", "1",
]  # fmt: skip
APART = ["今天天气怎么样", "how do I bake bread", "工资多少", "谢谢", "嗯嗯", "are you a human"]
HARD = [
    pytest.param("运营" * 10_000, id="20000-characters"),
    pytest.param("\U0001f600" * 40, id="emoji"),
    pytest.param("https://example.com/a?b=c&d=%E4%BD%A0", id="link"),
    pytest.param("for (int i = 0; i < n; i++) { x[i] = y; }", id="code"),
    pytest.param("\u202eabc \u05e9\u05dc\u05d5 \u0645\u0631\u062d 公关", id="directions"),
    pytest.param("\ud83d\x00\u200b", id="lone-surrogate"),
    pytest.param("那 那 那 那 那 呢 呢 呢", id="only-leads"),
    pytest.param("第" * 500, id="only-ordinals"),
]  # fmt: skip
MESSAGES = st.sampled_from(WALK) | st.text(max_size=30)


def walk(book, messages, before=EMPTY):
    """The conversation after these messages, and what each got."""
    answers = []
    for text in messages:
        utterance = read(text, book)
        got = answer(utterance, book, before)
        before = next_conversation(before, utterance, got, book)
        answers.append(got)
    return before, answers


def size(conversation):
    """Bytes of a conversation as it is kept."""
    return len(json.dumps(asdict(conversation), ensure_ascii=False).encode())


@pytest.mark.parametrize(("language", "text"), BARE, ids=[text for _, text in BARE])
def test_dialogue_asks_back_where_nothing_is_named(book, language, text):
    """No answer, no guess, no offer: the thing is asked for, and the state knows what it is for."""
    utterance = read(text, book, language)
    got = answer(utterance, book)
    assert (got.band, got.entry, got.others) == (Band.DECLINE, None, ())
    assert got.asks_for
    assert next_conversation(EMPTY, utterance, got, book).pending == got.asks_for


def test_dialogue_forgets_what_it_asked_back_for_at_a_full_question(book):
    """A question of its own is no thing to fill in."""
    state, answers = walk(book, ["谁负责", "转化率怎么计算"])
    assert (answers[1].entry, answers[1].section) == ("metric.conversion_rate", "formula")
    assert state.pending == ""


@pytest.mark.parametrize("question", SINGLES)
def test_dialogue_with_nothing_said_is_the_message_itself(book, question):
    """An empty conversation changes nothing."""
    utterance = read(question, book)
    alone, got = answer_standalone(utterance, book), answer(utterance, book)
    assert (got.band, got.entry, got.section) == (alone.band, alone.entry, alone.section)


@pytest.mark.parametrize("question", SINGLES[:6] + SINGLES[7:])
def test_dialogue_full_question_is_the_same_after_others(book, question):
    """What stands by itself means the same whatever was said before."""
    before, _ = walk(book, WALK[:10])
    utterance = read(question, book)
    alone, got = answer_standalone(utterance, book), answer(utterance, book, before)
    assert (got.band, got.entry) == (alone.band, alone.entry)


@pytest.mark.parametrize("text", APART)
def test_dialogue_keeps_its_focus_through_what_is_not_ours(book, text):
    """Off-topic turns, limits and short words of talk leave in focus what was."""
    before, _ = walk(book, ["公关要盯哪些指标"])
    state, _ = walk(book, [text], before)
    assert state.focus == before.focus
    assert state.told == before.told


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("我不是问品牌，我是问公关", "role.brand"),
        ("除了公关还有谁", "role.public_relations"),
        ("not brand, public relations", "role.brand"),
        ("ブランドじゃなくて、広報", "role.brand"),
        ("브랜드 말고 홍보", "role.brand"),
    ],
)
def test_dialogue_never_tells_what_is_refused(book, text, refused):
    """A name that is denied or left out is neither told nor offered first."""
    before, _ = walk(book, ["谁负责写新闻稿"])
    got = answer(read(text, book), book, before)
    assert refused in got.refused
    assert got.entry != refused


def test_dialogue_leaves_a_question_for_what_it_is(book):
    """ "Is brand not marketing" denies nothing."""
    assert answer(read("品牌是不是市场", book), book).refused == ()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(MESSAGES, max_size=6))
def test_dialogue_is_pure_and_its_state_is_kept_whole(book, messages):
    """The same messages give the same answers and state; JSON gives that state back."""
    state, answers = walk(book, messages)
    assert walk(book, messages) == (state, answers)
    chat = Chat(conversation=state)
    assert serialize.chat_from(json.loads(json.dumps(serialize.chat_to(chat)))) == chat


def test_dialogue_of_two_hundred_turns_stays_small(book):
    """However long they talk, what is kept is not: a kilobyte or so, two at the very most."""
    state = EMPTY
    for turn in range(200):
        state, _ = walk(book, [WALK[turn % len(WALK)]], state)
        assert size(state) <= 2_048
        assert len(state.focus) <= 8
    assert max(size(walk(book, WALK[:n])[0]) for n in range(1, len(WALK))) <= 2_048


@pytest.mark.parametrize("text", HARD)
def test_dialogue_takes_any_message(book, text):
    """Whatever arrives gets a sensible sentence, with and without a conversation before it."""
    chat = Chat()
    for message in (text, "公关要盯哪些指标", text, "它的职责呢"):
        outcome = reply(Message(message), chat, book)
        chat = outcome.chat
        assert as_text(outcome.reply).strip()


def test_dialogue_without_an_entry_keeps_nothing_of_it():
    """What the content no longer holds, or not for them, is in no part of the state."""
    state = Conversation(
        (("role.a", 1.0), ("role.b", 0.5)), ("role.b", "role.a"), ("role.a", "role.b"),
        (("", "role.a"), ("line", "")), ("role.b", "metrics"), "metrics", "metrics", ("word",),
        (("role.a", "metrics"),), refused=("role.a",),
    )  # fmt: skip
    assert "role.a" not in state.forget_entries({"role.a"}).entries()
    assert state.forget_entries({"role.b"}).items == ()
    assert state.forget_entries({"role.c"}) == state


def test_dialogue_present_checks_every_part(book):
    """An entry hidden from somebody does not reach them through a chat."""
    gone = Conversation((("role.gone", 1.0),), ("role.brand",), items=(("x", "role.gone"),))
    kept = present(Chat(conversation=gone), book).conversation
    assert kept.entries() == {"role.brand"}


def test_refused_opening_stays_faintly_in_focus(book):
    """What it clearly came nearest to may be meant next; it is told as a guess."""
    refused = answer(read("zzqq", book, "en"), book)
    assert next_conversation(EMPTY, read("zzqq", book, "en"), refused, book).focus == ()
    said = replace(EMPTY, focus=(("metric.churn_rate", 0.5),), sure=False)
    found = answer(read("what is the formula", book, "en"), book, said)
    assert (found.entry, found.guess) == ("metric.churn_rate", True)


@pytest.mark.parametrize(
    ("lang", "say", "wanted"),
    [("zh", "它归谁管", "owner"), ("en", "who does it", "owner"), ("ko", "그거 누가 해", "owner")],
)
def test_a_pronoun_does_not_mean_what_was_merely_near(book, lang, say, wanted):
    """After a refused message nothing was spoken of that it could stand for."""
    said = replace(EMPTY, focus=(("metric.churn_rate", 0.5),), sure=False)
    found = answer(read(say, book, lang), book, said)
    assert (found.entry, found.asks_for) == (None, wanted)


def test_opening_is_a_word_of_its_own(book):
    """A budget does not begin with a yes: 예산 is no 예."""
    turn = turn_of(read("예산은 어떻게 잡아요", book, "ko"), EMPTY, book)
    assert "lead_ins" not in turn.openings


@pytest.mark.parametrize(
    ("lang", "say"), [("zh", "他看哪些指标"), ("en", "which metrics are they measured on")]
)
def test_what_is_asked_of_people_is_asked_of_a_role(book, lang, say):
    """Of the role in focus, even where its task is more so."""
    focus = (("checklist.press_release", 1.0), ("role.public_relations", 0.6))
    said = replace(EMPTY, focus=focus, told=("checklist.press_release",))
    found = answer(read(say, book, lang), book, said)
    assert (found.entry, found.section) == ("role.public_relations", "metrics")


def test_other_things_are_no_pronoun(book):
    """其他 holds a 他, and points at nobody."""
    turn = turn_of(read("其他指标", book, "zh"), EMPTY, book)
    assert not turn.has("pronouns", "persons")


def test_line_of_the_overview_is_a_step_of_the_cycle(book):
    """The second one of the nine steps."""
    chat, _ = walk(book, ["品牌九步是哪九步"])
    found = answer(read("第二个", book, "zh"), book, chat)
    assert book.base.entry(found.entry).number == 2


@pytest.mark.parametrize(
    ("language", "say", "vague"),
    [
        ("ja", "何から始めればいいでしょうか", True),
        ("ja", "キャンペーンは何から始めればいいでしょうか", False),
        ("en", "how do i start this", True),
        ("en", "how do i start a community", False),
    ],
)
def test_what_names_nothing_is_asked_back(book, language, say, vague):
    """Where it is said that something is to be done and not what, nothing is guessed."""
    found = answer(read(say, book, language), book)
    assert bool(found.asks_for) is vague
    assert bool(found.entry or found.others) is not vague
