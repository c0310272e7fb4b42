"""A cue stands for exactly the phrases its brackets spell out, or says why it cannot be read."""

from __future__ import annotations

import pytest

from rules.cues import GAP, MAX_PHRASES, CueError, expand

READ = [
    ("plain", "谁负责", ["谁负责"]),
    ("choice", "(做|干)活", ["做活", "干活"]),
    ("two choices", "(做|干)(什么|啥)", ["做什么", "做啥", "干什么", "干啥"]),
    ("option", "怎么[去]算", ["怎么算", "怎么去算"]),
    ("option of several", "看[哪些|什么]数", ["看数", "看哪些数", "看什么数"]),
    ("choice in the middle", "what (is|are) KPIs", ["what is KPIs", "what are KPIs"]),
    ("empty branch", "(the|) team", ["the team", "team"]),
    ("same phrase twice", "(a|a)b", ["ab"]),
    ("only an option", "[请问]", ["请问"]),
    ("gap stays", f"how is {GAP} measured", [f"how is {GAP} measured"]),
    ("outer spaces go", "  next step ", ["next step"]),
    ("nothing", "", []),
]
BROKEN = [
    ("not closed", "(做|干"),
    ("not opened", "做|干)什么"),
    ("option not closed", "怎么[去算"),
    ("nested", "(做|(干|忙))什么"),
    ("option in a choice", "(做|[忙])什么"),
    ("mixed", "(做]什么"),
    ("stray end", "做什么]"),
]


@pytest.mark.parametrize(("cue", "phrases"), [row[1:] for row in READ], ids=[r[0] for r in READ])
def test_expand_gives_every_phrase_once_in_order(cue, phrases):
    """Choices multiply, options may be absent, no phrase is empty or told twice."""
    assert list(expand(cue)) == phrases


@pytest.mark.parametrize("cue", [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_expand_names_the_cue_it_cannot_read(cue):
    """Brackets that do not pair up are an error that quotes the cue."""
    with pytest.raises(CueError, match="nested or not closed") as caught:
        expand(cue)
    assert cue in str(caught.value)


def test_expand_refuses_a_cue_that_explodes():
    """A cue may stand for as many phrases as allowed and not for one more."""
    branches = "|".join(str(i) for i in range(MAX_PHRASES))
    assert len(expand(f"({branches})")) == MAX_PHRASES
    with pytest.raises(CueError, match=f"{MAX_PHRASES + 1} phrases"):
        expand(f"({branches}|one more)")
