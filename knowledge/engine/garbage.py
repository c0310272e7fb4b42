"""When Python looks for garbage: not while content grows, and not in what serves."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """While much is made that stays: nothing of it is garbage yet, so nobody looks for any.

    Python looks through all there is again and again as it grows, for a fifth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def collect_and_freeze() -> None:
    """Clear away what was replaced, and look through what is left no more until the next time.

    Looking through ten thousand answers takes a tenth of a second, in which nobody is answered.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
