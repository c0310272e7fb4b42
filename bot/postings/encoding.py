"""Bytes -> text: UTF-8 first, else what their statistics say (GB18030, Shift-JIS, EUC-KR …)."""

from __future__ import annotations

import codecs

from bot.postings.model import Unreadable

SAMPLE = 64 * 1024
MAX_CONTROLS = 0.02
"""Share of control characters from which on something is not text."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = ["gb18030", "shift_jis", "cp932", "euc_kr", "cp949", "big5", "utf_16", "euc_jp", "cp1252"]
_LEGACY = {"cp949": "cp949", "euc_kr": "cp949", "shift_jis": "cp932", "shift_jis_2004": "cp932"}
"""The larger sets that contain what was found."""


def encoding_of(sample: bytes) -> str:
    """The encoding of text that begins with *sample*. Raises Unreadable for what is no text."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        found = "utf-8"
    except UnicodeDecodeError:
        found = _guess(sample)
    text = sample.decode(found, "ignore")
    controls = sum(char < " " and char not in "\t\n\r\f" for char in text)
    if controls > MAX_CONTROLS * max(1, len(text)):
        raise Unreadable("classify.file.binary")
    return found


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LIKELY).best()
    if best is None:
        raise Unreadable("classify.file.encoding")
    name = str(best.encoding)
    if name in ("gb2312", "gbk", "hz", "gb18030"):
        return "gb18030"
    return _LEGACY.get(name, name)
