"""XML of both platforms: read without entities or document types, written so that any text fits."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from bot.channels.tencent.errors import Malformed

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""


def read(body: bytes | str) -> Element:
    """The root of a document. Raises Malformed."""
    try:
        root = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        # LookupError and ValueError: an encoding that is unknown, or no encoding of text.
        raise Malformed("the body is not plain XML") from None
    assert isinstance(root, Element)
    return root


def text_of(root: Element, name: str) -> str:
    """The text of that child; nothing where there is none."""
    return root.findtext(name) or ""


def required_text(root: Element, name: str) -> str:
    """The text of that child. Raises Malformed where it is missing or empty."""
    text = text_of(root, name)
    if not text:
        raise Malformed(f"there is no {name}")
    return text


def write(fields: dict[str, str]) -> str:
    """A document with those children, in that order."""
    root = Element("xml")
    for name, value in fields.items():
        ElementTree.SubElement(root, name).text = _UNWRITABLE.sub("\ufffd", value)
    return ElementTree.tostring(root, encoding="unicode")
