"""What can go wrong with a callback or a call; none of it quotes what was received."""

from __future__ import annotations


class TencentError(Exception):
    """Something between the platform and us."""


class Rejected(TencentError):
    """A callback that is not answered; says why in words that hold nothing of it."""

    status = 400


class Malformed(Rejected):
    """It is not what the platform sends."""


class Forged(Rejected):
    """It does not prove that it comes from the platform, and now."""

    status = 403


class TooLong(Rejected):
    """It is longer than anything the platform sends."""

    status = 413


class WeComError(TencentError):
    """WeCom has refused a call; *hint_key* names the sentence that says what to do about it."""

    def __init__(self, code: int, hint_key: str) -> None:
        super().__init__(f"WeCom refused a call with code {code}")
        self.code, self.hint_key = code, hint_key


class Unreachable(TencentError):
    """WeCom did not answer, or asked to come again later."""
