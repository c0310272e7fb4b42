"""A server that is asked to stop has stopped within ten seconds, whatever is under way."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from types import FrameType
from typing import Any

DRAIN_SECONDS = 6
"""So long requests under way may take when the server stops."""
STOP_SECONDS = 9.0
"""After so long the process ends, whatever still runs. What was acknowledged is kept; what was not
is begun again by another server, as after any end."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)
log = logging.getLogger("zhiwen.web")


def limit_shutdown() -> None:
    """From now on the first signal to stop also sets the end; called once signals are handled."""
    if threading.current_thread() is not threading.main_thread():
        return  # somebody else's process, and theirs to end
    for number in SIGNALS:
        _follow(number, signal.getsignal(number))


def _follow(number: signal.Signals, before: Any) -> None:
    def stop(sig: int, frame: FrameType | None) -> None:
        threading.Thread(target=_end, name="end", daemon=True).start()
        if callable(before):
            before(sig, frame)

    signal.signal(number, stop)


def _end() -> None:
    time.sleep(STOP_SECONDS)
    log.warning("stopped while something was under way")
    os._exit(1)
