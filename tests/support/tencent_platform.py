"""WeChat and WeCom before a server: they sign, encrypt, post, come again, and check answers.

wechatpy does the signing and encrypting, and reads what comes back. WeCom's HTTP API is in
wecom_api.py.
"""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass, field
from xml.etree import ElementTree

import httpx
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto
from wechatpy.replies import deserialize_reply
from wechatpy.utils import WeChatSigner

TOKEN = "tokenOfTests2026"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wxb11529c136998cb6"
ACCOUNT = "gh_7f083739789a"
CORP_ID = "ww5823bf96d3bd56c7"
AGENT_ID = "1000002"
LIMIT = 2048
ATTEMPTS = 3
_numbers = itertools.count(10**15 + 7)


def signed(*parts):
    """The signature as wechatpy makes it."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def xml_of(fields):
    """A message as the platform writes it: CDATA around texts, none around numbers."""
    return f"<xml>{''.join(_child(name, value) for name, value in fields.items())}</xml>"


def _child(name, value):
    if isinstance(value, list):
        return f"<{name}>{''.join(_child(*one) for one in value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    # The platform, too, must part what would end the section.
    return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


@dataclass
class Answered:
    """What a callback was answered, as the platform understood it."""

    status: int
    body: str
    text: str = ""
    """The text for the person; empty where there is none."""


@dataclass
class Platform:
    """Either platform, posting to *path* of *server*."""

    server: object
    path: str
    token: str = TOKEN
    aes_key: str = AES_KEY
    receive_id: str = APP_ID
    account: str = ACCOUNT
    """What stands in ToUserName."""
    safe: bool = True
    wecom: bool = False
    patience: float = 5.0
    violations: list = field(default_factory=list)
    """What a real platform would have cut off or complained about."""

    @property
    def crypto(self):
        """wechatpy's crypto with this account's secrets."""
        kind = WeComCrypto if self.wecom else WeChatCrypto
        return kind(self.token, self.aes_key, self.receive_id)

    def message(self, sender, kind, **fields):
        """A message or event as XML."""
        head = {
            "ToUserName": self.account, "FromUserName": sender,
            "CreateTime": fields.pop("at", None) or int(time.time()), "MsgType": kind,
        }  # fmt: skip
        if kind != "event":
            fields.setdefault("MsgId", next(_numbers))
        if self.wecom:
            fields.setdefault("AgentID", int(AGENT_ID))
        return xml_of(head | fields)

    def packed(self, xml, timestamp=None, nonce=None):
        """(parameters of the address, body) for a message."""
        timestamp, nonce = str(timestamp or int(time.time())), nonce or secrets.token_hex(5)
        params = {"timestamp": timestamp, "nonce": nonce}
        if not self.wecom:
            params |= {"signature": signed(self.token, timestamp, nonce), "openid": "o-somebody"}
        if not self.safe:
            return params, xml.encode()
        sealed = ElementTree.fromstring(self.crypto.encrypt_message(xml, nonce, timestamp))
        params["msg_signature"] = sealed.findtext("MsgSignature")
        if not self.wecom:
            params["encrypt_type"] = "aes"
        outer = {"ToUserName": self.account, "Encrypt": sealed.findtext("Encrypt")}
        return params, xml_of(outer).encode()

    def post(self, params, body):
        """Post once; httpx.ReadTimeout where no answer comes in time."""
        return httpx.post(
            self.server.url + self.path, params=params, content=body, timeout=self.patience,
            headers={"content-type": "text/xml", "user-agent": "Mozilla/4.0"},
        )  # fmt: skip

    def deliver(self, xml):
        """Post a message, again where nothing or an error comes back, as the platform does."""
        answer = None
        for _ in range(ATTEMPTS):
            try:
                answer = self.post(*self.packed(xml))
            except httpx.TimeoutException:
                continue
            if answer.status_code < 500:
                break
        assert answer is not None, "no answer came within the patience of the platform"
        return self.understood(answer, xml)

    def understood(self, answer, xml):
        """What the platform makes of an answer; whatever it would not take fails the test."""
        body = answer.text
        if answer.status_code != 200 or body in ("", "success"):
            return Answered(answer.status_code, body)
        plain = self.opened(body) if self.safe else body
        asked = ElementTree.fromstring(xml)
        reply = deserialize_reply(plain)
        assert reply.type == "text", plain
        assert (reply.target, reply.source) == (
            asked.findtext("FromUserName"), self.receive_id if self.wecom else self.account,
        ), "the reply does not go back to the one who asked"  # fmt: skip
        assert abs(int(ElementTree.fromstring(plain).findtext("CreateTime")) - time.time()) < 60
        assert reply.content, "an empty text"
        if len(reply.content.encode()) > LIMIT:
            self.violations.append(f"a text of {len(reply.content.encode())} bytes")
        return Answered(200, body, reply.content)

    def opened(self, body):
        """The XML inside a sealed answer; wechatpy checks signature and receive id."""
        outer = ElementTree.fromstring(body)
        names = ("MsgSignature", "TimeStamp", "Nonce")
        signature, timestamp, nonce = (outer.findtext(name) for name in names)
        return self.crypto.decrypt_message(body, signature, timestamp, nonce)

    def say(self, sender, text, **fields):
        """Somebody writes; the text that comes back."""
        return self.deliver(self.message(sender, "text", Content=text, **fields)).text

    def event(self, sender, event, **fields):
        """Something happens; the text that comes back."""
        return self.deliver(self.message(sender, "event", Event=event, **fields)).text

    def check(self, echo="5837397576500011341", **changed):
        """The check of the address, as when an administrator enters it; the answer."""
        timestamp, nonce = str(int(time.time())), secrets.token_hex(5)
        params = {"timestamp": timestamp, "nonce": nonce, "echostr": echo}
        if self.wecom:
            sealed = ElementTree.fromstring(self.crypto.encrypt_message(echo, nonce, timestamp))
            params["echostr"] = sealed.findtext("Encrypt")
            params["msg_signature"] = sealed.findtext("MsgSignature")
        else:
            params["signature"] = signed(self.token, timestamp, nonce)
        params = {k: v for k, v in (params | changed).items() if v is not None}
        return httpx.get(self.server.url + self.path, params=params, timeout=10)

    def press(self, card, checked, code, **fields):
        """Somebody sends a card off with those boxes checked; what the callback is answered."""
        options = [("OptionId", id_) for id_ in checked]
        items = [("SelectedItem", [("QuestionKey", "items"), ("OptionIds", options)])]
        fields = {
            "Event": "template_card_event", "EventKey": card.shown["submit_button"]["key"],
            "TaskId": card.task, "CardType": "vote_interaction", "ResponseCode": code,
            "SelectedItems": items, **fields,
        }  # fmt: skip
        user = fields.pop("user", card.user)
        return self.deliver(self.message(user, "event", **fields))
