"""The parts of an update that are read here, and their types: what else is sent is left aside.

Nothing is required, for Telegram adds kinds of updates as it likes; what is there has its type.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LAST_SECOND = 253_402_300_799
"""Of the year 9999: no calendar knows a later one."""
Second = Annotated[int, Field(ge=0, le=LAST_SECOND)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _User(_Part):
    id: int | None = None
    is_bot: bool | None = None
    username: str | None = None
    language_code: str | None = None


class _Chat(_Part):
    id: int | None = None
    type: str | None = None


class _Entity(_Part):
    type: str | None = None
    offset: int | None = None
    length: int | None = None


class _Document(_Part):
    file_id: str | None = None
    file_unique_id: str | None = None
    file_name: str | None = None
    file_size: int | None = None


class _Message(_Part):
    message_id: int | None = None
    message_thread_id: int | None = None
    media_group_id: str | None = None
    date: Second | None = None
    chat: _Chat | None = None
    sender: _User | None = Field(None, alias="from")
    sender_chat: _Chat | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[_Entity] | None = None
    caption_entities: list[_Entity] | None = None
    document: _Document | None = None
    reply_to_message: _Message | None = None


class _Press(_Part):
    id: str | None = None
    sender: _User | None = Field(None, alias="from")
    data: str | None = None
    message: _Message | None = None


class _Inline(_Part):
    id: str | None = None
    sender: _User | None = Field(None, alias="from")
    query: str | None = None
    offset: str | None = None


class _Update(_Part):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Press | None = None
    inline_query: _Inline | None = None


def fits(update: object) -> bool:
    """Whether that can be an update: an object with a number, its parts of their types."""
    try:
        _Update.model_validate(update)
    except (ValidationError, RecursionError):
        return False
    return True
