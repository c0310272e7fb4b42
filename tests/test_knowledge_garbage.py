"""When garbage is looked for: not while content grows, and not in what serves."""

from __future__ import annotations

import gc

import pytest

from knowledge.engine.garbage import collection_paused


@pytest.mark.parametrize("fails", [False, True])
def test_garbage_is_looked_for_again_after_a_pause(fails):
    """Also where the work failed, and one inside another ends when the outer one does."""
    inside = []
    try:
        with collection_paused():
            with collection_paused():
                inside.append(gc.isenabled())
            inside.append(gc.isenabled())
            if fails:
                raise ValueError
    except ValueError:
        inside.append("failed")
    assert inside[:2] == [False, False] and gc.isenabled()
