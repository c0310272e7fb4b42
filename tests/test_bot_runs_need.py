"""A need in words finds the checklist for it."""

from __future__ import annotations

import pytest

from bot import runs


@pytest.mark.parametrize(
    ("language", "need", "best"),
    [
        ("zh", "大促前要检查什么", "campaign"),
        ("zh", "大促", "campaign"),
        ("zh", "舆情", "crisis_response"),
        ("zh", "新员工入职", "new_hire_90_days"),
        ("zh", "新店开业", "store_opening"),
        ("zh", "开新店", "store_opening"),
        ("zh", "发稿", "press_release"),
        ("en", "promotion", "campaign"),
        ("en", "new hire", "new_hire_90_days"),
        ("ja", "新商品の発売", "product_launch"),
        ("ko", "신제품 출시", "product_launch"),
    ],
)
def test_need_finds_the_checklist(book, language, need, best):
    """The best fit comes first, with or without the word checklist; never more than three."""
    found = runs.find(book, need, language)
    assert found[0] == f"checklist.{best}"
    assert len(found) == len(set(found)) <= 3


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("need", ["", "  ", "今天天气", "how do I bake bread"])
def test_need_finds_nothing_elsewhere(book, need, language):
    """Nothing is offered for what is not ours."""
    assert runs.find(book, need, language) == ()
