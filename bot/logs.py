"""Logs as JSON lines on standard error: what happened and how long it took, never what was said."""

from __future__ import annotations

import contextvars
import datetime
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

FIELDS = (
    "method", "route", "status", "ms", "rows", "problems", "version", "channel", "run", "count",
)  # fmt: skip
"""What a record may carry beside its event (``extra=``); anything else is left out."""
HOUSE = Path(__file__).parent.parent
DEPTH = 12
"""Places of a traceback that are told, the innermost ones."""
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

_PATTERNS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 ***"),
    (re.compile(r"(?i)\b((?:set-)?cookie|authorization)\s*[:=]\s*[^\r\n]*"), r"\1: ***"),
    (re.compile(r"(?i)\b(password|passwd|secret|token|api_?key|zhiwen(?:_session)?)=[^\s&;,]+"),
     r"\1=***"),
    (re.compile(r"(?i)(://[^/\s:@]*):[^@\s]+@"), r"\1:***@"),
    (re.compile(r"\?[^\s\"']*"), "?***"),
    (re.compile(r"\b\d{6,12}:[\w-]{30,}"), "***"),
)  # fmt: skip


def start(stream: TextIO | None = None, secrets: Iterable[str] = ()) -> None:
    """Send the log of the whole process to *stream*, standard error if none is given.

    *secrets* are replaced wherever they might turn up.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    handler.addFilter(Redact(secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # These tell addresses with their query strings.
    for name in ("httpx", "httpcore", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Lines(logging.Formatter):
    """A record -> one JSON object in one line.

    An error is told by its kind and its places in the code: its own words may hold a message.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= {key: value for key in FIELDS if (value := getattr(record, key, None)) is not None}
        if asked := request_id.get():
            line["request"] = asked
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["error"] = kind.__name__
            line["places"] = [
                f"{_write(frame.filename)}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)[-DEPTH:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


class Redact(logging.Filter):
    """Takes secrets out of every record: those it knows, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, cleaned."""
        record.msg, record.args = self.clean(record.getMessage()), None
        for key in FIELDS:
            value = getattr(record, key, None)
            if isinstance(value, str):
                setattr(record, key, self.clean(value))
        return True

    def clean(self, text: str) -> str:
        """*text* without secrets."""
        for secret in self._known:
            text = text.replace(secret, "***")
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


def _write(filename: str) -> str:
    """A file of ours by its path in the house, another by its last two parts."""
    path = Path(filename)
    if path.is_relative_to(HOUSE) and "site-packages" not in path.parts:
        return path.relative_to(HOUSE).as_posix()
    return "/".join(path.parts[-2:])
