"""A strict stand-in for WeCom's HTTP API: it refuses what the real one refuses, and notes the rest.

The codes 40058 and 43012 are ours: the documents do not say which ones a bad card or a used
response code gets, and no caller may depend on them.
"""

from __future__ import annotations

import contextlib
import email.parser
import email.policy
import itertools
import json
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tencent_platform import AGENT_ID, CORP_ID, LIMIT

SECRET = "secret-of-the-app-0123456789"
BAD_CARD, BAD_CODE = 40058, 43012
TASK = re.compile(r"[\w@-]{1,128}", re.ASCII)
LABEL, OPTIONS, BUTTON = 11, 20, 10


class Refusal(Exception):
    """An errcode."""


@dataclass
class Card:
    """A card on somebody's phone."""

    user: str
    task: str
    shown: dict
    button: str = ""
    """What the button says once it can be pressed no more."""
    codes: list = field(default_factory=list)
    """Response codes that may still be used."""

    def option(self, text):
        """The id of the first option whose label holds *text*."""
        options = self.shown["checkbox"]["option_list"]
        return next(one["id"] for one in options if text in one["text"])

    @property
    def checked(self):
        """The ids that are checked as the card was last drawn."""
        return [o["id"] for o in self.shown["checkbox"]["option_list"] if o["is_checked"]]

    @property
    def labels(self):
        """The labels of the boxes."""
        return [one["text"] for one in self.shown["checkbox"]["option_list"]]


class Api:
    """What it was asked for, and what it has."""

    def __init__(self):
        self.lock = threading.RLock()
        self.calls, self.violations = Counter(), []
        self.tokens, self.seconds = [], 7200
        self.sent, self.cards, self.files = [], [], []
        """(user, text); cards; (user, name, bytes)."""
        self.media, self.departments, self.invisible = {}, {}, set()
        self.fails = {}
        """Path -> codes (or "500", "cut") that its next calls get."""
        self.once = set()
        self.numbers = itertools.count(1)

    def put(self, name, data):
        """A file that somebody sends to the app; its media id."""
        media = f"sent-{next(self.numbers)}"
        self.media[media] = (name, data)
        return media

    def press(self, card):
        """Somebody presses a card: the response code that goes out with it."""
        code = f"code-{next(self.numbers)}"
        card.codes.append(code)
        return code

    def expire(self):
        """Every token handed out so far is good no more."""
        self.tokens.clear()

    def texts(self, user):
        """The texts that somebody has got."""
        return [text for who, text in self.sent if who == user]

    def cards_of(self, user):
        """The cards that somebody has got."""
        return [card for card in self.cards if card.user == user]

    # --- the methods of the API

    def gettoken(self, params, _):
        """A new token for the right secret."""
        if params.get("corpid") != CORP_ID:
            raise Refusal(40013)
        if params.get("corpsecret") != SECRET:
            raise Refusal(40001)
        token = f"token-{next(self.numbers)}"
        self.tokens.append(token)
        return {"access_token": token, "expires_in": self.seconds}

    def message_send(self, _, body):
        """A text, a card or a file."""
        body = json.loads(body)
        self.need(body, "touser", "msgtype", "agentid")
        if body["agentid"] != int(AGENT_ID):
            raise Refusal(40056)
        user, kind = body["touser"], body["msgtype"]
        if user in self.invisible:
            return {"invaliduser": user}
        same = json.dumps(body, sort_keys=True)
        if body.get("enable_duplicate_check") and same in self.once:
            return {"invaliduser": ""}
        self.once.add(same)
        told = getattr(self, f"send_{kind}", None)
        if told is None:
            raise Refusal(40008)
        return {"invaliduser": "", "msgid": f"m{next(self.numbers)}", **told(user, body[kind])}

    def send_text(self, user, content):
        """Cut off without a word, as the real one does; here that is noted."""
        if not content.get("content"):
            raise Refusal(44004)
        if len(content["content"].encode()) > LIMIT:
            self.violations.append(f"a text of {len(content['content'].encode())} bytes")
        self.sent.append((user, content["content"]))
        return {}

    def send_file(self, user, content):
        """A file that was uploaded before."""
        if content.get("media_id") not in self.media:
            raise Refusal(40007)
        self.files.append((user, *self.media[content["media_id"]]))
        return {}

    def send_template_card(self, user, card):
        """A card with boxes, and a task id that was never used."""
        if not TASK.fullmatch(card.get("task_id", "")):
            raise Refusal(BAD_CARD)
        if card["task_id"] in {one.task for one in self.cards}:
            raise Refusal(BAD_CARD)
        self.look_at(card)
        self.cards.append(Card(user, card["task_id"], card))
        return {"response_code": self.press(self.cards[-1])}

    def message_update_template_card(self, _, body):
        """Another card, or another button, for a response code that was not used."""
        body = json.loads(body)
        self.need(body, "userids", "agentid", "response_code")
        card = next((c for c in self.cards if body["response_code"] in c.codes), None)
        if card is None or body["userids"] != [card.user]:
            raise Refusal(BAD_CODE)
        if "template_card" in body:
            self.look_at(body["template_card"])
            card.shown = body["template_card"]
        else:
            card.button = body["button"]["replace_name"]
            self.short(card.button, BUTTON)
        card.codes.remove(body["response_code"])
        return {"invaliduser": []}

    def media_upload(self, params, body, kind=""):
        """A file in a form."""
        if params.get("type") != "file":
            raise Refusal(40004)
        head = f"content-type: {kind}\r\n\r\n".encode()
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        part = next(iter(form.iter_parts()))
        name = re.search(r'filename="([^"]*)"', part["content-disposition"].replace("\r\n", ""))
        data = part.get_payload(decode=True)
        if part.get_param("name", header="content-disposition") != "media" or name is None:
            raise Refusal(40005)
        if len(data) <= 5:
            raise Refusal(40006)
        return {"type": "file", "media_id": self.put(name[1], data)}

    def user_get(self, params, _):
        """Somebody's departments."""
        if params["userid"] not in self.departments:
            raise Refusal(60111)
        return {"userid": params["userid"], "department": self.departments[params["userid"]]}

    # --- what it looks at

    def look_at(self, card):
        """Refuse a card that the real one would refuse; note what would not be shown whole."""
        try:
            box, submit = card["checkbox"], card["submit_button"]
            options, title = box["option_list"], card["main_title"]["title"]
            ids = [one["id"] for one in options]
            sound = (
                card["card_type"] == "vote_interaction" and title and box["question_key"]
                and 1 <= len(options) <= OPTIONS and len(set(ids)) == len(ids)
                and all(0 < len(id_.encode()) <= 128 for id_ in ids)
                and box["mode"] in (0, 1) and 0 < len(submit["key"].encode()) <= 1024
                and all(one["text"] and isinstance(one["is_checked"], bool) for one in options)
            )  # fmt: skip
        except (KeyError, TypeError):
            sound = False
        if not sound:
            raise Refusal(BAD_CARD)
        for one in options:
            self.short(one["text"], LABEL)
        self.short(submit["text"], BUTTON)
        self.short(title, 36)
        self.short(card["main_title"].get("desc", ""), 44)

    def short(self, text, most):
        """Note what a phone would cut off."""
        if len(text) > most:
            self.violations.append(f"{text!r} has more than {most} characters")

    def need(self, body, *names):
        """Refuse a body that lacks something."""
        if any(not body.get(name) for name in names):
            raise Refusal(40035)


def _handler(api):
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Nothing on standard error."""

        def do_GET(self):
            """Answer."""
            self.answer()

        def do_POST(self):
            """Answer."""
            self.answer()

        def answer(self):
            address = urlsplit(self.path)
            path = address.path.removeprefix("/cgi-bin/")
            params = dict(parse_qsl(address.query))
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            with api.lock:
                api.calls[path] += 1
                fail = api.fails[path].pop(0) if api.fails.get(path) else None
                if fail in ("500", "cut"):
                    return self.broken(fail)
                try:
                    if fail is not None:
                        raise Refusal(fail)
                    if path != "gettoken" and params.get("access_token") not in api.tokens:
                        raise Refusal(40014 if not params.get("access_token") else 42001)
                    if path == "media/get":
                        return self.media(params.get("media_id"))
                    more = {"kind": self.headers["content-type"]} if path == "media/upload" else {}
                    told = getattr(api, path.replace("/", "_"))(params, body, **more)
                    told = {"errcode": 0, "errmsg": "ok", **told}
                except Refusal as refusal:
                    told = {"errcode": refusal.args[0], "errmsg": "hint: [1], from ip: 1.2.3.4"}
            self.reply(json.dumps(told).encode(), "application/json; charset=UTF-8")

        def media(self, media):
            if media not in api.media:
                raise Refusal(40007)
            name, data = api.media[media]
            told = f'attachment; filename="{name}"'.encode().decode("latin-1")
            self.reply(data, "application/octet-stream", told)

        def reply(self, body, kind, disposition=None):
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            if disposition:
                self.send_header("content-disposition", disposition)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

        def broken(self, how):
            if how == "500":
                self.send_response(500)
                self.send_header("content-length", "0")
                self.end_headers()
            self.close_connection = True

    return Handler


@contextlib.contextmanager
def running():
    """(the API, its address) on a loopback port; in the end nothing may have been cut off."""
    api = Api()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="wecom api")
    thread.start()
    try:
        yield api, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert api.violations == []
