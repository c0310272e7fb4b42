"""WeCom's HTTP API, as far as we need it; one access token is fetched for all processes."""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from urllib.parse import unquote

import httpx

from bot.channels.tencent.errors import Unreachable, WeComError
from bot.channels.wecom.settings import Settings
from bot.store.leases import Leases
from bot.store.types import digest

SECONDS = httpx.Timeout(10.0, write=30.0)
MARGIN = 300
"""Seconds before its end at which a token is not used any more."""
FETCHING, PATIENCE = 20.0, 15.0
"""Seconds in which one process fetches the token, and that the others wait for it."""
DEPARTMENTS = 600.0
"""Seconds for which somebody's departments are remembered."""
EXPIRED = frozenset({40001, 40014, 42001})
INVISIBLE = 81013
LATER = frozenset({-1, 45009, 45033})
"""What is worth trying again later, without anything being changed."""
HINTS = {
    -1: "busy", 40001: "token", 40013: "token", 40014: "token", 42001: "token", 40056: "agent",
    60020: "ip", 48002: "right", 60011: "right", 81013: "visible", 60111: "visible",
    45009: "limited", 45033: "limited",
}  # fmt: skip
"""Code -> the sentence that says what to do: ``wecom.error.<name>``."""
_FILENAME = re.compile(r"filename\*=(?:utf-8|UTF-8)''([^;]+)|filename=\"?([^\";]+)")
log = logging.getLogger("zhiwen.wecom")


class Api:
    """Calls for one app.

    Blocks; every method raises WeComError, Unreachable and StoreUnavailable.
    """

    def __init__(self, config: Settings, secret: str, leases: Leases) -> None:
        # These tell addresses, and the token is in every one of them.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._config, self._secret, self._leases = config, secret, leases
        self._name = f"wecom:token:{config.agent_id}"[:200]
        self._http = httpx.Client(base_url=config.api.rstrip("/"), timeout=SECONDS)
        self.is_refused = False
        """Whether WeCom refused our secret, address or app when it was last asked for a token."""

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def text(self, user: str, text: str) -> None:
        """Send a text of at most 2048 bytes."""
        self._send(user, "text", {"content": text})

    def card(self, user: str, card: dict[str, Any]) -> None:
        """Send a card; the very same once more is dropped by WeCom."""
        self._send(user, "template_card", card, enable_duplicate_check=1)

    def file(self, user: str, name: str, data: bytes) -> None:
        """Send a file."""
        files = {"media": (name, data, "application/octet-stream")}
        media = self._call("POST", "media/upload", {"type": "file"}, files=files)["media_id"]
        self._send(user, "file", {"media_id": media})

    def update_card(self, user: str, code: str, card: dict[str, Any]) -> None:
        """Put another card in the place of the one that was pressed; once for each code."""
        self._update(user, code, {"template_card": card})

    def update_button(self, user: str, code: str, label: str) -> None:
        """Make the button of the card that was pressed say that, and nothing more."""
        self._update(user, code, {"button": {"replace_name": label}})

    def departments_of(self, user: str) -> frozenset[str]:
        """The numbers of somebody's departments, remembered for some minutes."""
        name = f"wecom:departments:{self._config.agent_id[:40]}:{digest(user)}"
        known = self._leases.value(name)
        if known is None:
            departments = self._call("GET", "user/get", {"userid": user}).get("department", [])
            known = [str(number) for number in departments]
            self._leases.share(name, known, DEPARTMENTS)
        return frozenset(known)

    def look(self, media: str) -> tuple[str, int]:
        """(name, bytes) of a file that was sent; 0 where WeCom does not say."""
        name, size, _ = self._media(media, 0)
        return name, size

    def download(self, media: str, most: int) -> bytes:
        """A file that was sent; at most one byte over *most* is read."""
        return self._media(media, most + 1)[2]

    def token(self) -> str:
        """The access token that all processes share."""
        return self._token_of_store() or self._renew("")

    def _token_of_store(self) -> str:
        return str(self._leases.value(self._name) or "")

    def _renew(self, refused: str) -> str:
        """Another token than the *refused* one; fetched once, whoever needs it."""
        with self._leases.hold(f"{self._name}:fetch"[:200], FETCHING, PATIENCE):
            known = self._token_of_store()
            if known and known != refused:
                return known
            params = {"corpid": self._config.corp_id, "corpsecret": self._secret}
            try:
                reply = _check(self._request("GET", "gettoken", params))
            except WeComError as error:
                self.is_refused = error.code not in LATER
                raise
            self.is_refused = False
            token, seconds = str(reply["access_token"]), int(reply.get("expires_in", 7200))
            self._leases.share(self._name, token, max(seconds - MARGIN, seconds / 2))
            return token

    def _send(self, user: str, kind: str, content: dict[str, Any], **more: object) -> None:
        body = {
            "touser": user, "msgtype": kind, "agentid": _number(self._config.agent_id),
            kind: content, **more,
        }  # fmt: skip
        if self._call("POST", "message/send", {}, json=body).get("invaliduser"):
            raise _error(INVISIBLE)

    def _update(self, user: str, code: str, change: dict[str, Any]) -> None:
        agent = _number(self._config.agent_id)
        body = {"userids": [user], "agentid": agent, "response_code": code, **change}
        self._call("POST", "message/update_template_card", {}, json=body)

    def _call(self, method: str, path: str, params: dict[str, str], **more: Any) -> dict[str, Any]:
        """Call with the token; with another one where that is refused."""
        token = self.token()
        try:
            return _check(self._request(method, path, params | {"access_token": token}, **more))
        except WeComError as error:
            if error.code not in EXPIRED:
                raise
        token = self._renew(token)
        return _check(self._request(method, path, params | {"access_token": token}, **more))

    def _request(self, method: str, path: str, params: dict[str, str], **more: Any) -> bytes:
        try:
            answer = self._http.request(method, f"/cgi-bin/{path}", params=params, **more)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            # Not "from error": its words hold the address, and with it the token.
            raise Unreachable(f"WeCom does not answer ({type(error).__name__})") from None
        return answer.content

    def _media(self, media: str, most: int) -> tuple[str, int, bytes]:
        """(name, size, the first bytes) of a file."""
        token = self.token()
        try:
            return self._stream(media, token, most)
        except WeComError as error:
            if error.code not in EXPIRED:
                raise
        return self._stream(media, self._renew(token), most)

    def _stream(self, media: str, token: str, most: int) -> tuple[str, int, bytes]:
        params = {"access_token": token, "media_id": media}
        try:
            with self._http.stream("GET", "/cgi-bin/media/get", params=params) as answer:
                answer.raise_for_status()
                headers = answer.headers
                if "json" in headers.get("content-type", "") and _filename(headers) == "":
                    _check(answer.read())
                size = headers.get("content-length", "")
                data = b""
                for chunk in answer.iter_bytes(65536) if most else ():
                    data += chunk
                    if len(data) >= most:
                        break
        except httpx.HTTPError as error:
            raise Unreachable(f"WeCom does not answer ({type(error).__name__})") from None
        return _filename(headers), int(size) if size.isdecimal() else 0, data[:most]


def _check(body: bytes) -> dict[str, Any]:
    """What an answer holds. Raises WeComError, Unreachable for one that cannot be read."""
    try:
        reply = json.loads(body)
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        raise Unreachable("WeCom's answer cannot be read")
    code = reply.get("errcode", 0)
    if code:
        raise _error(int(code))
    return reply


def _error(code: int) -> WeComError:
    return WeComError(code, f"wecom.error.{HINTS.get(code, 'other')}")


def _filename(headers: httpx.Headers) -> str:
    """The name in a Content-Disposition: in bytes of UTF-8, or with percent signs."""
    raw = next((v for k, v in headers.raw if k.lower() == b"content-disposition"), b"")
    match = _FILENAME.search(raw.decode("utf-8", "replace"))
    return unquote(match[1] or match[2]).strip() if match else ""


def _number(agent_id: str) -> int | str:
    return int(agent_id) if agent_id.isdecimal() else agent_id
