"""Messages and events of both platforms, as far as they are alike -> what the core takes."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bot.channels.tencent import smileys
from bot.channels.tencent.xml import required_text, text_of
from bot.chat import commands, identity
from bot.chat.model import Incoming

SCENE = "qrscene_"
"""What stands before the words of a QR code by which somebody came to follow."""
HELP = "/help"
EVENT = ("Event", "EventKey", "TaskId", "ResponseCode")
"""What tells events of one second apart."""
PART = "\x1f"
"""Between the parts of a key; XML cannot hold it, so no part can be taken for two."""

SPOKEN = "zh"
"""The language of the apps, which do not say what they are set to."""


@dataclass(frozen=True, slots=True)
class Read:
    """A callback that was understood: a message, or a sentence for it; or nothing is to be done."""

    sender: str
    incoming: Incoming | None = None
    sentence: str = ""
    """The key of the sentence."""
    code: str = ""
    """By which the card that was pressed may be changed, once."""
    media: str = ""
    """The id of a file that is to be fetched."""


def id_of(root: Element) -> str:
    """What a repetition is known by: account, sender, number of the message. Raises Malformed.

    A number is not unique among senders: by itself it would give one follower another's reply.
    Events have none; they are known by their time and by what happened.
    """
    parts = [required_text(root, "ToUserName"), required_text(root, "FromUserName")]
    number = text_of(root, "MsgId")
    if number and text_of(root, "MsgType").lower() != "event":
        parts.append(number)
    else:
        parts += [required_text(root, "CreateTime"), *(text_of(root, name) for name in EVENT)]
    return PART.join(parts)


def question_from(root: Element, text: str) -> Read:
    """Somebody wrote, said or picked that. Raises Malformed."""
    sender = required_text(root, "FromUserName")
    words = smileys.strip_smileys(text)
    if text.strip() and not words:
        return answered_by(root, "tencent.smiley")
    return Read(sender, Incoming(id_of(root), sender, sender, words, language=SPOKEN))


def answered_by(root: Element, key: str) -> Read:
    """Somebody sent what only a sentence can be said about. Raises Malformed."""
    return Read(required_text(root, "FromUserName"), sentence=key)


def no_message(root: Element) -> Read:
    """Something that asks for no answer. Raises Malformed."""
    return Read(required_text(root, "FromUserName"))


def menu_choice(key: str) -> str:
    """The words for an item of a menu: a command by its name, or whatever it says."""
    return f"/{key}" if commands.parse(key) is None and commands.parse(f"/{key}") else key


def code_of_scan(key: str) -> str:
    """The words for a QR code: a binding code in it counts, anything else asks for help."""
    scene = key.removeprefix(SCENE)
    return scene if identity.code_in(scene) else HELP
