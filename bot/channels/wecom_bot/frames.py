"""Frames of the long connection: JSON of a command, a number of the request, and a body."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

SUBSCRIBE, PING = "aibot_subscribe", "ping"
RESPOND, WELCOME = "aibot_respond_msg", "aibot_respond_welcome_msg"
UPDATE, SEND = "aibot_respond_update_msg", "aibot_send_msg"
UPLOAD, CHUNK, FINISH = (
    "aibot_upload_media_init", "aibot_upload_media_chunk", "aibot_upload_media_finish",
)  # fmt: skip
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
LONGEST = 1_000_000
"""Bytes of a frame that is read; the platform sends nothing near that."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What came in: a callback with its command, or an acknowledgement without one."""

    command: str
    request: str
    """The number by which an acknowledgement belongs to what was sent."""
    body: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    """Of an acknowledgement: 0, or why it was refused."""


def read(raw: str | bytes) -> Frame | None:
    """The frame; None for what is none: too long, no JSON, of another shape."""
    if len(raw) > LONGEST:
        return None
    try:
        # The platform writes control characters as they are: the official clients expect them.
        found = json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    headers, body, code = found.get("headers"), found.get("body"), found.get("errcode", 0)
    command = found.get("cmd") or ""
    request = headers.get("req_id") if isinstance(headers, dict) else None
    if not (isinstance(command, str) and isinstance(request, str) and isinstance(code, int)):
        return None
    return Frame(command, request, body if isinstance(body, dict) else {}, code)


def serialize(command: str, request: str, body: dict[str, Any] | None = None) -> str:
    """The text of a frame that goes out."""
    frame: dict[str, Any] = {"cmd": command, "headers": {"req_id": request}}
    return json.dumps(frame if body is None else frame | {"body": body}, ensure_ascii=False)


def new_request(command: str) -> str:
    """A number for a request of ours; the official clients begin it with the command, too."""
    return f"{command}_{secrets.token_hex(8)}"
