"""Which language a message is answered in: its own words decide, else what surrounds it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.model import Chat, Message
from knowledge.engine.model import LANGUAGES
from rules.questions.utterance import guess_language

ANY_NAME = 2
"""Latin words that may be nothing but a name, used in every language: SEO, growth hacking."""
PLAIN_ENGLISH = (
    "a about an and any are can do does else for from give go hello help hey hi how i in is it its "
    "make me more my next no of ok on or our please previous show start stop tell thank thanks "
    "that the their them they this to us versus vs we what when where which who whose why with "
    "write yes you your"
)
ENGLISH = frozenset(PLAIN_ENGLISH.split())
"""Words that nobody types in another language."""
HAN = re.compile("[\u3400-\u9fff]")
OWN_SCRIPT = re.compile("[\u3041-\u30fa\uac00-\ud7af]")
LATIN = re.compile("[^\\W\\d_]+")
CHINESE = ("gb2312", "big5")
JAPANESE = "cp932"


def of_terminal(environment: Mapping[str, str], otherwise: str = LANGUAGES[0]) -> str:
    """The language a terminal is set to, as by ``LANG=ko_KR.UTF-8``; *otherwise* for any other."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    code = next(filter(None, names), "").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else otherwise


def language_of(message: Message, chat: Chat, text: str) -> str:
    """The language that was chosen; else that of the words; else that of the conversation.

    Before anything was said in the conversation it is that of the page or app.
    """
    chosen = message.language or chat.language
    if chosen:
        return chosen
    around = chat.speaking if chat.last else message.page_language
    if not any(char.isalpha() for char in text):
        return around or chat.speaking
    return written_in(text, around)


def written_in(text: str, around: str | None) -> str:
    """The language of a text with letters; *around* decides where the text does not.

    Han alone may be Chinese or Japanese: a character that only one of the two writes tells. One or
    two Latin words may be a name in any language, unless one of them is plain English.
    """
    if OWN_SCRIPT.search(text):
        return guess_language(text)
    han = HAN.findall(text)
    if not han:
        words = LATIN.findall(text.casefold())
        is_name = len(words) <= ANY_NAME and ENGLISH.isdisjoint(words)
        return around if around and is_name else guess_language(text)
    if not all(writes(JAPANESE, char) for char in han):
        return "zh"
    if not all(any(writes(code, char) for code in CHINESE) for char in han):
        return "ja"
    return "ja" if around == "ja" else "zh"


def writes(code: str, char: str) -> bool:
    """Whether a national character set holds the character."""
    try:
        char.encode(code)
    except UnicodeEncodeError:
        return False
    return True
