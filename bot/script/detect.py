"""Which script a message is written in: Simplified, or Traditional as in Taiwan or Hong Kong."""

from __future__ import annotations

import re

from bot.language import writes
from knowledge.engine.normal import fold

SIMPLIFIED, TAIWAN, HONG_KONG = "", "taiwan", "hong_kong"
CANTONESE = re.compile(
    # of, have not, at, done, come, some, thing, plural, that, this way
    "[\u5605\u5187\u55ba\u5497\u569f\u5572\u5622\u54cb\u55f0\u5481]"
    # not, before a word: by itself it is a sound that Mandarin makes, too
    "|\u5514(?=[\u3400-\u9fff])"
)
"""Characters that Cantonese alone writes."""
HONG_KONG_FORMS = frozenset("\u6237\u7740\u7a0e\u5151\u8131\u6e29")
"""Characters that Hong Kong writes as the Simplified script does."""
HAN = re.compile("[\u3400-\u9fff]")


def script_of(text: str, before: str = SIMPLIFIED) -> str:
    """The script of a message; *before*, that of the conversation, where its words do not tell.

    Counts the characters that only one script writes. Traditional words alone do not tell Taiwan
    from Hong Kong: what the conversation was decides, and Taiwan before anything was said.
    """
    traditional, simplified = _count(text)
    if simplified and simplified >= traditional:
        return SIMPLIFIED
    if CANTONESE.search(text):
        return HONG_KONG
    return before or TAIWAN if traditional else before


def is_traditional(text: str) -> bool:
    """Whether it is Traditional through and through: some character tells, and none against."""
    traditional, simplified = _count(text)
    return traditional > 0 and not simplified


def _count(text: str) -> tuple[int, int]:
    """How many characters only the Traditional, and how many only the Simplified script writes."""
    traditional = simplified = 0
    for char in HAN.findall(text):
        in_gb, in_big5 = writes("gb2312", char), writes("big5", char)
        if in_big5 and not in_gb and fold(char) != char:
            traditional += 1
        elif in_gb and not in_big5 and char not in HONG_KONG_FORMS:
            simplified += 1
    return traditional, simplified
