"""Feishu's HTTP API, as far as we need it; one tenant token is fetched for all processes."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx

from bot.channels.feishu.settings import Settings
from bot.store.leases import Leases

SECONDS = httpx.Timeout(10.0, write=30.0)
HOUR, MARGIN = 3600.0, 300.0
"""A token lives two hours; it is used for one, and never in its last minutes."""
FETCHING, PATIENCE = 20.0, 15.0
"""Seconds in which one process fetches the token, and that the others wait for it."""
EXPIRED = frozenset({99991661, 99991663, 99991664, 99991668})
LATER = frozenset({99991400, 230020, 1000004, 1000005})
"""Too many at once, or not ready: worth trying again later."""
HINTS = {
    10003: "secret", 10014: "secret", 10012: "secret", 99991672: "right", 230006: "bot",
    230002: "chat", 230013: "visible", 230018: "chat",
}  # fmt: skip
"""Code -> the sentence that says what to do: ``feishu.error.<name>``."""


class FeishuError(Exception):
    """Feishu has refused a call."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Feishu refused a call with code {code}")
        self.code = code
        hint = HINTS.get(code, "other")
        self.hint_key = f"feishu.error.{hint}"
        self.passes = hint == "secret"
        """Whether the same call will be taken once the administrator has mended what is wrong."""


class Unreachable(Exception):
    """Feishu did not answer, or asked to come again later."""


class Api:
    """Calls for one app. Blocks; every method raises FeishuError, Unreachable, StoreUnavailable."""

    def __init__(self, config: Settings, secret: str, leases: Leases) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._config, self._secret, self._leases = config, secret, leases
        self._name = f"feishu:token:{config.app_id}"[:200]
        self._http = httpx.Client(base_url=config.api.rstrip("/"), timeout=SECONDS)

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def card(self, chat: str, card: dict[str, Any], once: str) -> str:
        """Send a card, and return the number of the message; one with the same *once* is sent
        but once, however often that is asked for within an hour.
        """
        return self._send(chat, "interactive", card, once)

    def file(self, chat: str, name: str, data: bytes, once: str) -> str:
        """Send a file, and return the number of the message."""
        fields = {"file_type": "stream", "file_name": name}
        files = {"file": (name, data, "application/octet-stream")}
        made = self._call("POST", "im/v1/files", data=fields, files=files)
        return self._send(chat, "file", {"file_key": made["file_key"]}, once)

    def change(self, message: str, card: dict[str, Any]) -> None:
        """Put another card in the place of one of ours."""
        body = {"content": json.dumps(card, ensure_ascii=False)}
        self._call("PATCH", f"im/v1/messages/{message}", json=body)

    def download(self, message: str, key: str, most: int) -> bytes:
        """A file that was sent; at most one byte over *most* is read."""
        path = f"im/v1/messages/{message}/resources/{key}"
        headers = {"authorization": f"Bearer {self.token()}"}
        data = b""
        try:
            with self._http.stream(
                "GET", f"/open-apis/{path}", params={"type": "file"}, headers=headers
            ) as answer:
                answer.raise_for_status()
                for chunk in answer.iter_bytes(65536):
                    data += chunk
                    if len(data) > most:
                        break
        except httpx.HTTPError as error:
            raise Unreachable(f"Feishu does not answer ({type(error).__name__})") from None
        return data[: most + 1]

    def token(self) -> str:
        """The tenant token that all processes share."""
        return self._current_token() or self._renew_token("")

    def _current_token(self) -> str:
        return str(self._leases.value(self._name) or "")

    def _renew_token(self, refused: str) -> str:
        """Another token than the *refused* one; fetched once, whoever needs it."""
        with self._leases.hold(f"{self._name}:fetch"[:200], FETCHING, PATIENCE):
            known = self._current_token()
            if known and known != refused:
                return known
            body = {"app_id": self._config.app_id, "app_secret": self._secret}
            told = self._request("POST", "auth/v3/tenant_access_token/internal", "", json=body)
            token, seconds = str(told["tenant_access_token"]), float(told.get("expire", 7200))
            self._leases.share(self._name, token, max(1.0, min(HOUR, seconds - MARGIN)))
            return token

    def _send(self, chat: str, kind: str, content: dict[str, Any], once: str) -> str:
        body = {"receive_id": chat, "msg_type": kind, "uuid": once[:50],
                "content": json.dumps(content, ensure_ascii=False)}  # fmt: skip
        params = {"receive_id_type": "chat_id"}
        return str(self._call("POST", "im/v1/messages", params=params, json=body)["message_id"])

    def _call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """What a call gives; with another token where the one known is refused."""
        token = self.token()
        try:
            told = self._request(method, path, token, **more)
        except FeishuError as error:
            if error.code not in EXPIRED:
                raise
            told = self._request(method, path, self._renew_token(token), **more)
        data = told.get("data")
        return data if isinstance(data, dict) else {}

    def _request(self, method: str, path: str, token: str, **more: Any) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            answer = self._http.request(method, f"/open-apis/{path}", headers=headers, **more)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(f"Feishu does not answer ({type(error).__name__})") from None
        if not isinstance(told, dict) or not isinstance(told.get("code"), int):
            raise Unreachable("Feishu's answer cannot be read")
        if answer.status_code == 429 or told["code"] in LATER:
            raise Unreachable("Feishu finds it too many")
        if told["code"]:
            raise FeishuError(told["code"])
        return told
