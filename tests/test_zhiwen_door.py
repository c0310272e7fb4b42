"""The Python door: what `import zhiwen` gives, to notebooks and pipelines."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

import zhiwen
from zhiwen import BadInput, Posting, Unusable, Verdict

ADVERT = "Call prospects, run product demos and close deals. 2+ years of experience"


@pytest.fixture(scope="module")
def assistant():
    """The shipped content, opened once."""
    return zhiwen.open()


@pytest.mark.parametrize(
    ("question", "band", "entry", "language"),
    [
        ("what is private domain traffic", "answer", "concept.private_domain", "en"),
        ("私域流量是什么", "answer", "concept.private_domain", "zh"),
        ("traffic and followers", "suggest", None, "en"),
        ("subway operating hours in Hangzhou", "decline", None, "en"),
        ("", "decline", None, "zh"),
    ],
)
def test_ask_says_what_was_decided(assistant, question, band, entry, language):
    """The band, the entry and the language, and a text in any case."""
    answer = assistant.ask(question)
    assert (answer.band, answer.entry, answer.language) == (band, entry, language)
    assert answer.text
    assert answer.version == assistant.version


def test_ask_shows_its_evidence_in_the_question(assistant):
    """Spans count characters of the question."""
    question = "who writes press releases?"
    for fact in assistant.ask(question).evidence:
        assert question[fact.start : fact.end] == fact.text


def test_ask_speaks_the_language_that_is_asked_for(assistant):
    """For one question, or for all of an assistant."""
    assert assistant.ask("KOL", "ja").language == "ja"
    assert zhiwen.open(language="ko").ask("KOL").language == "ko"


def test_ask_names_the_unit_of_an_organization(assistant):
    """An organization of the content is named on opening."""
    named = zhiwen.open(organization="company-a").ask("who writes press releases?")
    assert "Company A" in named.text
    assert "Company A" not in assistant.ask("who writes press releases?").text


def test_chat_remembers_and_ask_does_not(assistant):
    """A follow-up leans on the question before, in its own chat only."""
    chat, other = assistant.chat(), assistant.chat()
    assert chat.ask("what does content operations do").entry == "role.content_operations"
    followed = chat.ask("and its metrics?")
    assert (followed.entry, followed.section) == ("role.content_operations", "metrics")
    assert other.ask("and its metrics?").entry is None
    assert assistant.ask("and its metrics?").entry is None


def test_chat_takes_the_number_of_a_choice(assistant):
    """What is shown as a choice can be picked by its number."""
    chat = assistant.chat()
    (first, *_) = [one for one in chat.ask("traffic and followers").shown if one.kind == "choice"]
    assert chat.ask(str(first.number)).entry == first.entry


def test_classify_says_which_function_on_which_words(assistant):
    """Function, decision, shares in percent, and spans of the description."""
    verdict = assistant.classify(ADVERT, "Sales Executive", id=7)
    assert (verdict.id, verdict.function, verdict.decision) == (7, "sales", "auto")
    assert sum(dict(verdict.shares).values()) == pytest.approx(100, abs=0.5)
    assert verdict.level.years == (2, None)
    for signal in verdict.evidence:
        text = "Sales Executive" if signal.where == "title" else ADVERT
        assert text[signal.start : signal.end] == signal.text


@pytest.mark.parametrize("jobs", [1, 2])
def test_batch_keeps_order_and_tells_broken_ones_in_place(assistant, jobs):
    """Texts, postings and mappings; what is none of them stops nothing."""
    given = [
        ADVERT,
        Posting(ADVERT, "Sales Executive", "b"),
        {"id": "c", "description": ADVERT, "title": None, "lang": "en"},
        {"id": "d", "title": "no description"},
        {"id": "e", "description": " "},
        7,
        Posting(None, id="g"),
    ]
    found = list(assistant.classify_batch(iter(given), jobs=jobs))
    assert [type(one) for one in found] == [Verdict] * 3 + [Unusable] * 4
    assert [one.id for one in found] == [None, "b", "c", "d", "e", None, "g"]
    assert [one.number for one in found[3:]] == [4, 5, 6, 7]
    assert found[0] == dataclasses.replace(found[2], id=None)


def test_batch_holds_only_what_is_under_way(assistant):
    """The first result comes before the last posting is asked for."""
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield ADVERT

    assert next(assistant.classify_batch(endless())).function == "sales"
    assert len(taken) == 1


@pytest.mark.parametrize("make", ["ask", "classify"])
def test_results_are_frozen_equal_hashable_and_sent(assistant, make):
    """The same question gives an equal value; it survives a pickle and cannot be changed."""
    first, again = (getattr(assistant, make)("content operations") for _ in range(2))
    assert first == again == pickle.loads(pickle.dumps(first))
    assert len({first, again}) == 1
    assert dataclasses.asdict(first)
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.language = "xx"


def test_module_asks_the_shipped_content(assistant):
    """Without opening anything by hand."""
    assert zhiwen.ask("KOL") == assistant.ask("KOL")
    assert zhiwen.classify(ADVERT) == assistant.classify(ADVERT)
    assert list(zhiwen.classify_batch([ADVERT])) == [assistant.classify(ADVERT)]
    assert zhiwen.chat().ask("KOL") == assistant.ask("KOL")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda _: zhiwen.open(overlay="nowhere"), id="overlay"),
        pytest.param(lambda _: zhiwen.open(knowledge="nowhere"), id="knowledge"),
        pytest.param(lambda _: zhiwen.open(organization="nobody"), id="organization"),
        pytest.param(lambda _: zhiwen.open(language="fr"), id="language"),
        pytest.param(lambda a: a.ask("KOL", "fr"), id="language of a question"),
        pytest.param(lambda a: a.ask(None), id="no question"),
        pytest.param(lambda a: a.classify(""), id="no posting"),
        pytest.param(lambda a: a.classify_batch([], jobs=0), id="no process"),
    ],
)
def test_wrong_use_is_bad_input(assistant, wrong):
    """At once, with a sentence that says what to do."""
    with pytest.raises(BadInput, match=r"\w+ \w+"):
        wrong(assistant)


def test_broken_content_is_told_with_its_place(tmp_path):
    """Content that does not pass its check is not opened."""
    overlay = tmp_path / "overlay"
    (overlay / "knowledge/concepts").mkdir(parents=True)
    (overlay / "knowledge/concepts/odd.yaml").write_text("title: [", "utf-8")
    with pytest.raises(zhiwen.ContentError) as refused:
        zhiwen.open(overlay=overlay)
    assert "odd.yaml" in str(refused.value.problems[0])
