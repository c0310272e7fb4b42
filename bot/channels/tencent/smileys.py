"""The smileys of WeChat and WeCom, which arrive as words in brackets or as codes such as "/::)"."""

from __future__ import annotations

import re
from functools import cache

from bot.texts import say
from knowledge.engine.model import LANGUAGES

CODES = r"""
/::) /::~ /::B /::| /:8-) /::< /::$ /::X /::Z /::'( /::-| /::@ /::P /::D /::O /::( /::+ /:--b /::Q
/::T /:,@P /:,@-D /::d /:,@o /::g /:|-) /::! /::L /::> /::,@ /:,@f /::-S /:? /:,@x /:,@@ /::8 /:,@!
/:!!! /:xx /:bye /:wipe /:dig /:handclap /:&-( /:B-) /:<@ /:@> /::-O /:>-| /:P-( /::'| /:X-) /::*
/:@x /:8* /:pd /:<W> /:beer /:basketb /:oo /:coffee /:eat /:pig /:rose /:fade /:showlove /:heart
/:break /:cake /:li /:bome /:kn /:footb /:ladybug /:shit /:moon /:sun /:gift /:hug /:strong /:weak
/:share /:v /:@) /:jj /:@@ /:bad /:lvu /:no /:ok /:love /:<L> /:jump /:shake /:<O> /:circle /:kotow
/:turn /:skip /:oY
"""


def strip_smileys(text: str) -> str:
    """The words of a message, its smileys left out; nothing where there are only smileys."""
    return _smileys().sub(" ", text).strip()


@cache
def _smileys() -> re.Pattern[str]:
    names = {name for code in LANGUAGES for name in say(code, "tencent.smileys").split("|")}
    marks = sorted({*CODES.split(), *(f"[{name}]" for name in names)}, key=len, reverse=True)
    return re.compile(r"[ \t]*(?:" + "|".join(map(re.escape, marks)) + r")[ \t]*", re.IGNORECASE)
