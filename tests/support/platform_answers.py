"""A platform that gives answers laid out beforehand, for questions that are asked only to look."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Platform:
    """Where it is, what it answers, and what it was asked."""

    url: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    """The last part of a path -> an object for 200, (status, object), or raw bytes."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and parameters of each question."""


@contextlib.contextmanager
def answering(**answers: Any) -> Iterator[Platform]:
    """A platform on a loopback port; what it has no answer for is 404."""
    platform = Platform(answers=answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = {name: values[0] for name, values in parse_qs(parts.query).items()}
            platform.asked.append((parts.path, params))
            found = platform.answers.get(parts.path.rpartition("/")[2], (404, {"ok": False}))
            status, body = found if isinstance(found, tuple) else (200, found)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="platform")
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
