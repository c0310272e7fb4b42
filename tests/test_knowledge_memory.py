"""When garbage is looked for: not while content grows, and not in what serves."""

from __future__ import annotations

import gc

import pytest

from knowledge.engine.memory import growing


@pytest.mark.parametrize("fails", [False, True])
def test_garbage_is_looked_for_again_after_growing(fails):
    """Also where what grew came to nothing, and one inside another ends when the outer one does."""
    inside = []
    try:
        with growing():
            with growing():
                inside.append(gc.isenabled())
            inside.append(gc.isenabled())
            if fails:
                raise ValueError
    except ValueError:
        inside.append("failed")
    assert inside[:2] == [False, False] and gc.isenabled()
