"""How an answer reads: the answer first, details after; what is not held is said once, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Bullets, Chat, Heading, Message, Turn
from bot.render.text import as_text
from bot.skills import respond
from bot.texts import has, say
from bot.views import sources
from bot.views.shorten import CHARS, ITEMS
from knowledge.engine.model import LANGUAGES
from rules.questions.model import Answer, Band, Candidate, Evidence

ROLE, LIST, PRACTICE = "role.public_relations", "checklist.campaign", "practice.promotion"
OWNER = Answer(Band.ANSWER, "owner", ROLE, "responsibilities", 1.0)
NOTHING = Answer(Band.DECLINE, "define", None, "", 0.0)
OTHERS = (
    Candidate("role.brand", 0.8, "responsibilities"),
    Candidate("concept.seo", 0.7, "summary"),
    Candidate("metric.gmv", 0.6, "formula"),
)
OWNED = {
    "zh": "归谁：公关（市场部）；配合：品牌、市场策划、新媒体营销",
    "en": "Owner: Public relations (Marketing department); works with: Brand, ",
    "ja": "担当：広報・PR（マーケティング部）／連携先：ブランド、",
    "ko": "담당: 홍보(PR, 마케팅 부서), 협업: 브랜드 관리, ",
}
ANONYMOUS = ("佚名", "Unknown", "不明", "알 수 없음")
MISSING = {
    "zh": "我这里没有。",
    "en": "I do not cover ",
    "ja": "ここでは分かりません",
    "ko": "제가 알지 못합니다",
}


def told(book, answer, language="zh", organization=None):
    """The outcome of a decision, whatever was written."""
    return respond(Turn(Message("…", language), Chat(), book, answer, language, organization))


def lines(outcome):
    """The lines of the reply as plain text."""
    return as_text(outcome.reply).split("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_says_whose_it_is_in_the_first_line(book, language):
    """Role, department and who works with it; what the role does comes after."""
    first, *rest = lines(told(book, OWNER, language))
    assert first.startswith(OWNED[language])
    assert rest[1].startswith("- ")


def test_ask_tells_of_an_owner_the_duty_that_was_asked_about(book):
    """One line of many, and the rest on demand; where no line says it, what the role is for."""
    asked = Evidence("word", "新闻稿", 0, 3, ROLE)
    outcome = told(book, replace(OWNER, evidence=(asked,)))
    assert as_text(outcome.reply).count("\n- ") == 1 and "新闻稿" in as_text(outcome.reply)
    assert outcome.reply.choices[0].section == "responsibilities"
    other = told(book, replace(OWNER, evidence=(Evidence("cue", "谁管", 0, 2, "owner"),)))
    summary = book.base.entry(ROLE, "zh").summary
    assert summary in as_text(other.reply) and "\n- " not in as_text(other.reply)


def test_ask_tells_what_must_pass_of_a_list_that_is_not_asked_for(book):
    """What to prepare gets the items that must pass; the list by its name gets all of them."""
    prepares = Answer(Band.ANSWER, "checklist", LIST, "pause_points", 0.9)
    said = (Evidence("state", "要准备", 0, 3, "prepare"),)
    brief = as_text(told(book, replace(prepares, evidence=said)).reply)
    named = (Evidence("name", "活动清单", 0, 4, LIST),)
    whole = as_text(told(book, replace(prepares, evidence=named)).reply)
    assert 0 < brief.count("☐") == brief.count("[必过") < whole.count("☐")


def test_ask_names_the_unit_of_the_organization_next(book):
    """With a profile the second line is that company's own unit."""
    assert "由品牌部负责" in lines(told(book, OWNER, organization="company-a"))[2]


@pytest.mark.parametrize(
    ("entry", "section", "first"),
    [
        ("department.marketing", "summary", "归谁：市场部；下设：品牌、"),
        (LIST, "pause_points", "各项由这些岗位分担：活动运营、"),
        (PRACTICE, "steps", ""),
    ],
    ids=["department", "checklist", "practice"],
)
def test_ask_says_whose_it_is_only_where_somebody_owns_it(book, entry, section, first):
    """A department is an owner, the items of a checklist have theirs, a practice has none."""
    title = book.base.title(entry, "zh")
    answer = replace(OWNER, entry=entry, section=section)
    assert lines(told(book, answer))[0].startswith(first or title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_tells_a_guess_as_one(book, language):
    """It says so, is short, and offers the whole of it and two others."""
    answer = replace(OWNER, intent="duties", guess=True, others=OTHERS)
    outcome = told(book, answer, language)
    title = book.base.title(ROLE, language)
    what = f"{title} · {say(language, 'section.responsibilities')}"
    assert lines(outcome)[0] == say(language, "guess.heading", what=what)
    bullets = [b for b in outcome.reply.blocks if isinstance(b, Bullets)]
    assert len(bullets[0].items) <= ITEMS and sum(map(len, bullets[0].items)) <= CHARS
    assert [c.entry for c in outcome.reply.choices] == [ROLE, "role.brand", "concept.seo"]
    assert outcome.reply.choices[0].label == say(language, "short.all", title=title)
    assert outcome.reply.choices[0].section == "responsibilities"


def test_ask_offers_the_whole_of_a_guess_only_where_something_was_left_out(book):
    """What is short is shown as it is."""
    answer = Answer(Band.ANSWER, "formula", "metric.gmv", "formula", 1.0, OTHERS, guess=True)
    assert [c.entry for c in told(book, answer).reply.choices] == ["role.brand", "concept.seo"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("entry", "section"),
    [(LIST, "pause_points"), ("comparison.brand_public_relations", "rows"), (PRACTICE, "steps")],
)
def test_ask_keeps_any_guess_short(book, language, entry, section):
    """Whatever its shape, a guess is read at a glance."""
    answer = Answer(Band.ANSWER, "define", entry, section, 1.0, guess=True)
    assert len(as_text(told(book, answer, language).reply)) < 1_500


def test_ask_says_what_it_leans_on(book):
    """An answer that takes its thing from the conversation names it first."""
    answer = replace(OWNER, intent="metrics", section="metrics", about=ROLE)
    assert lines(told(book, answer))[0] == "公关 · 看哪些指标"
    other = Answer(Band.ANSWER, "checklist", "checklist.press_release", "pause_points", 1.0)
    assert lines(told(book, replace(other, about=ROLE)))[0] == "关于公关：新闻稿发布清单"


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_says_what_is_missing_once_beside_an_answer(book, language):
    """Each kind of ask by its name; the rest is answered."""
    answer = replace(OWNER, intent="duties", missing=("salary", "salary", "interview"))
    text = as_text(told(book, answer, language).reply)
    for key in ("salary", "interview"):
        assert text.count(book.limits[key].label.text_in(language)) == 1
    assert text.count(MISSING[language]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_begins_a_refusal_with_what_is_missing(book, language):
    """The subject as it was said, the kind of ask, and who tells it; nothing is offered."""
    named = Evidence("name", "PR", 0, 2, ROLE)
    answer = replace(NOTHING, missing=("salary",), evidence=(named,))
    outcome = told(book, answer, language)
    first, *rest = lines(outcome)
    assert "PR" in first
    assert book.limits["salary"].label.text_in(language) in first
    assert rest == ["", book.limits["salary"].instead.text_in(language)]
    assert outcome.reply.choices == ()


def test_ask_names_what_a_refusal_is_about(book):
    """A thing that is held, asked something that is not."""
    named = Evidence("name", "公关", 0, 2, ROLE)
    assert lines(told(book, replace(NOTHING, evidence=(named,))))[0].startswith("“公关”我知道，")
    slip = Evidence("sound", "公管", 0, 2, ROLE)
    assert "知道" not in lines(told(book, replace(NOTHING, evidence=(slip,))))[0]
    assert "知道" not in lines(told(book, NOTHING))[0]


def test_ask_does_not_name_a_limit_twice(book):
    """A limit is a kind of ask that is not held, too."""
    text = as_text(told(book, replace(NOTHING, limit="salary", missing=("salary",))).reply)
    assert text.count("薪资待遇") == 1


def test_ask_answers_every_question_of_a_message(book):
    """Each has its heading, its source and less room than the first; what is not held is named."""
    second = Answer(Band.ANSWER, "duties", "role.store_operations", "responsibilities", 1.0)
    third = replace(NOTHING, limit="salary")
    outcome = told(book, replace(OWNER, intent="duties", also=(second, third)))
    headings = [b.text for b in outcome.reply.blocks if isinstance(b, Heading)]
    assert headings == ["公关", "店铺运营"]
    text = as_text(outcome.reply)
    assert text.count("来源：") >= 2
    assert "薪资待遇" in text.split("店铺运营 · ")[1]
    label = say("zh", "short.all", title="店铺运营")
    cut = len([c for c in outcome.reply.choices if c.label == label])
    bullets = [b for b in outcome.reply.blocks if isinstance(b, Bullets)]
    assert len(bullets[-1].items) <= ITEMS
    assert cut == 1


def test_ask_answers_the_second_question_where_the_first_cannot_be(book):
    """A refusal does not swallow what is held."""
    second = Answer(Band.ANSWER, "duties", "role.brand", "responsibilities", 1.0)
    text = as_text(told(book, replace(NOTHING, limit="salary", also=(second,))).reply)
    assert "薪资待遇" in text.split("\n")[0]
    assert "品牌 · 职责" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["owner", "checklist", "metrics", "titles", "kinds_of"])
def test_ask_asks_back_for_a_thing(book, language, intent):
    """By what is wanted, without choices; an intent without a sentence has the common one."""
    answer = replace(NOTHING, band=Band.SUGGEST, intent=intent, asks_for=intent)
    outcome = told(book, answer, language)
    key = f"asks_for.{intent}" if has(language, f"asks_for.{intent}") else "asks_for.default"
    assert lines(outcome) == [say(language, key)]
    assert outcome.reply.choices == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_shows_the_head_of_a_checklist_first(book, language):
    """How many items in how many pause points, how many must pass; its items can be folded."""
    answer = Answer(Band.ANSWER, "checklist", LIST, "pause_points", 1.0)
    outcome = told(book, answer, language)
    head = lines(outcome)[2]
    assert all(number in head for number in ("25", "3", "9"))
    folded = [b for b in outcome.reply.blocks if isinstance(b, Bullets) and b.folds]
    assert sum(len(b.items) for b in folded) == 25


def test_ask_brings_its_reasons_along(book):
    """Every answer and refusal of ours can be asked why; talk cannot."""
    assert any("“公关”" in line for line in told(book, OWNER).reply.why)
    assert told(book, NOTHING).reply.why
    assert not told(book, Answer(Band.ANSWER, "thanks", None, "", 1.0)).reply.why


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_says_whose_it_is_where_who_is_one_of_two_questions(book, language):
    """The owner line is not lost when the other question gave the section."""
    who = Evidence("cue", "谁", 0, 1, "owner")
    answer = replace(OWNER, intent="when", evidence=(who,))
    assert lines(told(book, answer, language))[0].startswith(OWNED[language])


def test_ask_names_both_sides_of_what_is_set_side_by_side(book):
    """The title is not the first one's alone; the sources of both stand in one line."""
    both = (ROLE, "role.brand")
    answer = Answer(Band.ANSWER, "compare", ROLE, "compare", 1.0, compared=both)
    shown = lines(told(book, answer))
    assert shown[0] == "公关 / 品牌 · 并排对比"
    assert len([line for line in shown if line.startswith("来源：")]) == 1


@pytest.mark.parametrize(("language", "unknown"), list(zip(LANGUAGES, ANONYMOUS, strict=True)))
def test_sources_leave_out_an_author_nobody_knows(book, language, unknown):
    """An article without a known author is named by its title."""
    told = [
        sources.line(book.base.entry(id_, language), "summary", book.base, language).text
        for id_ in book.base.ids()
    ]
    assert any("#" in line for line in told)
    assert not [line for line in told if unknown in line]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_heads_an_answer_about_a_thing_with_its_name_once(book, language):
    """No head says the same thing twice, and none has two colons or two pairs of brackets."""
    for id_, section in ((ROLE, "metrics"), ("checklist.press_release", "pause_points")):
        answer = Answer(Band.ANSWER, "metrics", id_, section, 1.0, about=id_)
        first = lines(told(book, answer, language))[0]
        assert first.count(book.base.title(id_, language)) == 1
    owned = lines(told(book, replace(OWNER, about="checklist.press_release"), language))
    assert owned[0].startswith(OWNED[language])
    assert book.base.title("checklist.press_release", language) in owned[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ask_offers_what_it_knows_by_name(book, language):
    """A refusal that knows the thing offers it, and does not say in words what can be pressed."""
    what = Candidate("metric.gmv", 0.4, "summary")
    named = Evidence("name", "GMV", 0, 3, "metric.gmv")
    answer = replace(NOTHING, others=(what, replace(what, section="points")), evidence=(named,))
    outcome = told(book, answer, language)
    hint = say(language, "decline.ask_about", subject="GMV")
    assert lines(outcome)[0] == say(language, "decline.named", subject="GMV")
    assert hint not in lines(outcome)
    assert [one.entry for one in outcome.reply.choices] == ["metric.gmv", "metric.gmv"]
    assert hint in lines(told(book, replace(answer, others=()), language))
