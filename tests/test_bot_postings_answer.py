"""What holds about a posting: a person's decision everywhere, and no decision where two tie."""

from __future__ import annotations

import csv
import re

import pytest
from small_rules import shipped

from bot.model import Heading, Paragraph, Reply
from bot.postings import batch, report, writers
from bot.postings.answer import effective_answer
from bot.postings.json_form import as_json
from bot.postings.model import Decided, Row
from bot.postings.output import cells, decided_text, name_of
from bot.postings.summary import Summary
from bot.render.text import as_text
from bot.skills.classify import blocks
from bot.texts import say
from knowledge.engine.model import LANGUAGES
from rules.postings.certainty import tied_functions
from rules.postings.classify import classify
from rules.postings.model import Decision, Posting

SALES = Posting("开发新客户；电话邀约；完成销售指标；跟进签约和回款；维护客户关系", "销售代表")
OTHER = Posting("负责后端系统开发，编写Java代码，优化数据库", "Java开发工程师")
CLOSE = Posting("品牌定位，品牌传播策略。撰写新闻稿，维护媒体关系")
ANN = Decided(7, "public_relations", "sales", "媒体关系为主", "Ann", 1_700_000_000.0)
FINANCE = Decided(8, "finance", "sales", "", "Bob", 1_700_000_000.0)


def result(posting, decided=None):
    """The result of a posting beside what was decided about it."""
    (found,) = batch.run([Row("a.csv", 1, {"JD": "x"}, posting, decided=decided)], shipped())
    return found


def read(path, results, language="en"):
    """The rows of a CSV file of *results*, by header."""
    writers.csv_file(iter(results), path, shipped(), language, Summary())
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_of_a_person_is_the_function_of_a_table(tmp_path, language):
    """Function, name, codes and certainty are the person's; the rules' stand apart."""
    (row,) = read(tmp_path / "o.csv", [result(SALES, ANN)], language)

    def told(column):
        return row[say(language, f"classify.column.{column}")]

    assert told("function") == "public_relations"
    assert (
        told("function_name") == told("decided") == name_of("public_relations", shipped(), language)
    )
    assert told("decision") == say(language, "classify.decision.decided")
    assert (told("said"), told("runner_up")) == ("sales", name_of("sales", shipped(), language))
    assert name_of("sales", shipped(), language) in told("said_name")
    assert "Ann" in told("reason")
    codes = {f"{c.scheme} {c.code}" for c in shipped().crosswalk["public_relations"]}
    assert set(told("codes").split("; ")) == codes


@pytest.mark.parametrize(
    ("posting", "decided", "function", "family"),
    [
        (SALES, FINANCE, "out_of_scope", "finance"),
        (OTHER, ANN, "public_relations", ""),
        (OTHER, None, "out_of_scope", "engineering"),
        (SALES, None, "sales", ""),
    ],
)
def test_answer_tells_another_trade_apart(posting, decided, function, family):
    """Decided into a trade or out of one: function and family follow."""
    row = cells(result(posting, decided), shipped(), "en")
    assert row["function"] == function
    assert row["family"] == (name_of(family, shipped(), "en") if family else "")
    assert row["said"] == ("engineering" if posting is OTHER else "sales")


def test_answer_stands_beside_the_verdict_in_json():
    """Old keys keep their meaning; `answer` is what holds."""
    told = as_json(result(SALES, ANN), shipped())
    assert told["function"] == "sales"
    assert told["answer"] == {"function": "public_relations", "family": None, "decision": "decided"}
    alone = as_json(result(SALES), shipped())
    assert alone["answer"]["function"] == alone["function"]
    assert alone["answer"]["decision"] == alone["decision"]


def test_answer_is_what_a_summary_counts():
    """By function and by certainty the person's; what the rules had said of it apart."""
    summary = Summary()
    for one in (result(SALES, ANN), result(SALES), result(OTHER, FINANCE)):
        summary.add(one, shipped())
    assert summary.functions == {"public_relations": 1, "sales": 1, "out_of_scope": 1}
    assert summary.families == {"finance": 1}
    assert summary.decisions["decided"] == 2
    assert summary.changed == {("sales", "public_relations"): 1, ("engineering", "finance"): 1}
    lines = dict(summary.lines(shipped(), "en"))
    assert lines[say("en", "classify.summary.change", said="sales", now="public relations")] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_and_title_stand_in_the_report(tmp_path, language):
    """The page of a batch shows each job's title, who decided what and why, and what was said."""
    path = tmp_path / "o.html"
    given = iter([result(SALES, ANN), result(OTHER)])
    report.html_file(given, path, shipped(), language, Summary())
    page = path.read_text("utf-8")
    assert f"<h2>{SALES.title}</h2>" in page
    assert f"<h2>{OTHER.title}</h2>" in page
    assert decided_text(ANN, language) in page
    name = name_of("public_relations", shipped(), language)
    assert f"<strong>{name}</strong>" in page
    assert say(language, "classify.decision.decided") in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_tie_is_told_as_no_decision(language):
    """Neither of the two is told as the function; that a person decides is."""
    verdict = classify(CLOSE, shipped())
    first, second = (
        name_of(name, shipped(), language) for name in tied_functions(verdict, shipped())
    )
    told = tuple(blocks(verdict, shipped(), language))
    lines = [block.text for block in told if isinstance(block, Paragraph)]
    assert say(language, "classify.result.tie", first=first, second=second) in lines
    review = say(language, "classify.decision.review")
    for key in ("classify.result", "classify.result.review"):
        assert say(language, key, function=first, decision=review) not in lines
    assert {first, second} <= set(re.findall(f"{first}|{second}", told[0].note))
    row = cells(result(CLOSE), shipped(), language)
    assert row["decision"] == say(language, "classify.decision.tie")


def test_tie_is_none_where_the_verdict_is_sure():
    """A sure verdict, one that leads well, and one that knows nothing tie with nothing."""
    sure = classify(SALES, shipped())
    assert sure.decision == Decision.AUTO
    assert tied_functions(sure, shipped()) == ()
    assert tied_functions(classify(Posting("xyz"), shipped()), shipped()) == ()
    assert effective_answer(sure, None, shipped()).decision == "auto"


def test_answer_of_a_person_ends_a_tie():
    """What was decided is the heading."""
    held = effective_answer(classify(CLOSE, shipped()), ANN, shipped())
    assert (held.function, held.decision, held.tie) == ("public_relations", "decided", ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_heads_what_the_terminal_prints(language):
    """A verdict as text begins with what a person decided, then says what the rules said."""
    verdict = classify(SALES, shipped())
    told = tuple(blocks(verdict, shipped(), language, decided=ANN))
    assert isinstance(told[0], Heading)
    text = as_text(Reply(language, told), 2_000)
    name = name_of("public_relations", shipped(), language)
    assert name.casefold() in text.split("\n")[0].casefold()
    assert name_of("sales", shipped(), language) in text
    assert "Ann" in text
