"""Text with Markdown and HTML -> plain text with line breaks; and written so that it returns."""

from __future__ import annotations

import html
import re
import unicodedata

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_KEPT = 0x100000
"""Where an escaped character waits, in a private plane, until all marks are gone."""
_PUNCTUATION = r"""!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~"""
_ESCAPED = re.compile(rf"\\([{_PUNCTUATION}])")
_TO_ESCAPE = re.compile(r"[\\`*_\[\]<>&#~|+-]")
_WAITING = re.compile(f"[{chr(_KEPT)}-{chr(_KEPT + 127)}]")

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.I | re.S)
_LINK = re.compile(r"<a\b[^<>]*?href\s*=\s*[\"']?([^\"'<>\s]+)[^<>]*>(.*?)</a\s*>", re.I | re.S)
# Nothing before a tag is eaten: that would take a square of the time on long blanks.
_ITEM = re.compile(r"<li\b[^<>]*>\s*", re.I)
_ITEM_END = re.compile(r"</li\s*>\s*", re.I)
_BREAK = re.compile(r"<br\s*/?>[ \t]*\n?|</tr\s*>\s*", re.I)
_BLOCK = re.compile(
    r"</?(p|div|ul|ol|table|tbody|thead|tr|h[1-6]|hr|pre|blockquote|section)(\s[^<>]*)?/?>\s*",
    re.I,
)
_INLINE = re.compile(
    r"</?(a|b|i|u|s|em|strong|small|big|span|font|code|kbd|sub|sup|mark|del|ins|img|td|th|li"
    r"|label|center|html|body|head|meta)(\s[^<>]*)?/?>",
    re.I,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\)")
_REFERENCE = re.compile(r"\[([^\[\]\n]+)\]\(\s*<?([^()<>\s]+)>?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_CODE = re.compile(r"(`+)([^`\n]+?)\1(?!`)")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^\n]+?)(?<=\S)\1")
_STARRED = re.compile(r"(?<![*0-9A-Za-z])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?!\*)")
_UNDERLINED = re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![\w_])")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.M)
_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.M)
_QUOTED = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.M)
_BULLET = re.compile(r"^([ \t]*)[*+][ \t]+", re.M)

_CONTROLS = ("Cc", "Cs")


def clean(text: str) -> str:
    """*text* without what no file of ours can hold: control characters, halves of characters."""
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return "".join(char for char in text if char == "\n" or not _is_unprintable(char))


def _is_unprintable(char: str) -> bool:
    if char.isascii():
        return char < " " or char == "\x7f"
    code = ord(char)
    unassigned = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return unassigned or code == 0xFEFF or code >= _KEPT or unicodedata.category(char) in _CONTROLS


def one_line(text: str) -> str:
    """A question: cleaned, with single spaces."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """*text* without spaces at ends of lines and without more than one empty line together."""
    lines = "\n".join(line.rstrip() for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def to_plain(text: str) -> str:
    """*text* without Markdown and HTML; links keep their address, lists and breaks their lines."""
    text = clean(text)
    text = _ESCAPED.sub(lambda found: chr(_KEPT + ord(found[1])), text)
    text = _strip_marks(_strip_tags(text))
    return tidy(_WAITING.sub(lambda found: chr(ord(found[0]) - _KEPT), text))


def _strip_tags(text: str) -> str:
    if "-->" in text:
        text = _COMMENT.sub("", text)
    text = _LINK.sub(lambda found: _link_text(found[2], found[1]), _SCRIPT.sub("", text))
    text = _ITEM.sub("\n- ", _ITEM_END.sub("", text))
    text = _BLOCK.sub(_blank_lines, _BREAK.sub("\n", text))
    return _entities(_INLINE.sub("", text))


def _blank_lines(found: re.Match[str]) -> str:
    """A block stands by itself; list and table frames need no empty line around them."""
    return "\n" if found[1].lower() in ("ul", "ol", "tr", "tbody", "thead", "div") else "\n\n"


def _entities(text: str) -> str:
    """Entities as characters, which are no marks any more."""

    def character(found: re.Match[str]) -> str:
        told = html.unescape(found[0])
        if told == found[0]:
            return told
        return "".join(
            chr(_KEPT + ord(char)) if "!" <= char <= "~" else char
            for char in clean(told.replace("\xa0", " "))
        )

    return _ENTITY.sub(character, text)


def _strip_marks(text: str) -> str:
    lines = (line for line in text.split("\n") if not _is_frame(line))
    text = "\n".join("" if _RULE.fullmatch(line) else line for line in lines)
    text = _FENCE.sub("", text)
    text = _CODE.sub(lambda found: _shield(found[2]), text)
    text = _IMAGE.sub(r"\1", text)
    text = _REFERENCE.sub(lambda found: _link_text(found[1], found[2]), text)
    text = _AUTOLINK.sub(lambda found: _shield(found[1]), text)
    text = _HEADING.sub("", text)
    text = _BULLET.sub(r"\1- ", _QUOTED.sub("", text))
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    return _UNDERLINED.sub(r"\1", _STARRED.sub(r"\1", text))


def _is_frame(line: str) -> bool:
    """Whether a line only parts the head of a table from its rows."""
    return "---" in line and "|" in line and not line.strip("|:- \t")


def _link_text(words: str, address: str) -> str:
    words, address = words.strip(), address.removeprefix("mailto:")
    told = _shield(address)
    return told if not words or words == address else f"{words} ({told})"


def _shield(text: str) -> str:
    """*text* in which nothing is a mark."""
    return _TO_ESCAPE.sub(lambda found: chr(_KEPT + ord(found[0])), text)


def escape(text: str) -> str:
    """Plain *text* so that `to_plain` gives it back; unchanged where it holds no mark."""
    if to_plain(text) == text:
        return text
    return _TO_ESCAPE.sub(r"\\\g<0>", text)
