"""What marks mean is said once, and only where a line carries them."""

from __future__ import annotations

import pytest

from bot.model import Bullets, Footnote, Paragraph, Reply
from bot.texts import say
from bot.views.legend import tidy_legends

GENERAL, BEYOND = say("en", "source.mark.general"), say("en", "source.mark.beyond")


@pytest.mark.parametrize(
    ("blocks", "notes"),
    [
        pytest.param([Paragraph("a †"), Footnote(f"S\n{GENERAL}")], [f"S\n{GENERAL}"], id="used"),
        pytest.param([Paragraph("a"), Footnote(f"S\n{GENERAL}\n{BEYOND}")], ["S"], id="unused"),
        pytest.param(
            [Bullets(("a ‡", "b")), Footnote(f"S\n{GENERAL}\n{BEYOND}")], [f"S\n{BEYOND}"], id="one"
        ),
        pytest.param(
            [Paragraph("a †"), Footnote(GENERAL), Paragraph("b †"), Footnote(f"S\n{GENERAL}")],
            [GENERAL, "S"],
            id="twice",
        ),
        pytest.param([Paragraph("a"), Footnote(GENERAL)], [], id="nothing-left"),
    ],
)
def test_a_legend_stands_where_its_mark_is(blocks, notes):
    """The rest of a note stays as it is."""
    told = tidy_legends(Reply("en", tuple(blocks))).blocks
    assert [block.text for block in told if isinstance(block, Footnote)] == notes
    assert [b for b in told if not isinstance(b, Footnote)] == [
        b for b in blocks if not isinstance(b, Footnote)
    ]
