"""What a button or a number does: an act is a word and its arguments, in one table."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from bot.assistant import command, speak
from bot.model import Bullets, Paragraph
from bot.runs import Refused
from bot.store import Gone
from bot.talk import lists, papers, questions
from bot.talk.model import Attachment
from bot.talk.visit import Option, Outcome, Visit, one_each
from bot.views import why
from knowledge.engine.model import LANGUAGES

Act = Callable[[Visit, list[str]], Outcome]
EXAMPLES = 4


def perform(visit: Visit, act: str) -> Outcome:
    """What comes of an act; one that is not possible any more, or not allowed, is told."""
    word, *arguments = act.split(" ")
    try:
        return ACTS[word](visit, arguments)
    except Refused as refused:
        if refused.reason == "rights":
            return replace(visit.told("talk.denied"), notice=visit.say("talk.denied"))
        return Outcome((Paragraph(refused.message(visit.language)),), visit.chat)
    except Gone:
        return replace(visit.told("talk.gone"), notice=visit.say("talk.gone"))


def commanded(visit: Visit, name: str, rest: str) -> Outcome:
    """What comes of a command and the words after it."""
    if name == "ask":
        return questions.asked(visit, rest) if rest else visit.told("empty.body")
    if name == "lists":
        return _with_right(visit, "checklists", lambda: lists.lists(visit, rest))
    if name == "lang":
        return _language(visit, rest)
    return perform(visit, name)


def awaited(visit: Visit, text: str) -> Outcome:
    """What comes of the words that were asked for; the same is asked again if they do not do."""
    word, *arguments = visit.chat.awaiting.split(" ")
    visit = replace(visit, chat=replace(visit.chat, awaiting=""))
    id_, page = arguments[0], int(arguments[1])
    try:
        if word == "reason":
            return lists.reason(visit, id_, page, arguments[2], text)
        return lists.date(visit, id_, page, text)
    except Refused as refused:
        again = replace(visit.chat, awaiting=" ".join((word, *arguments)))
        return Outcome((Paragraph(refused.message(visit.language)),), again)
    except Gone:
        return visit.told("talk.gone")


def file(visit: Visit) -> Outcome:
    """What comes of a file."""
    sent = visit.incoming.file
    assert sent is not None
    if not visit.may("classify"):
        return visit.told("classify.denied")
    return papers.classified(visit, sent)


def _with_right(visit: Visit, right: str, act: Callable[[], Outcome]) -> Outcome:
    return act() if visit.may(right) else visit.told("talk.denied")


def _help(visit: Visit, _: list[str]) -> Outcome:
    """What can be asked, with examples that work, and the words for the rest."""
    examples = tuple(visit.say(f"help.example.{i}") for i in range(1, EXAMPLES + 1))
    blocks = (
        Paragraph(visit.say("help.body")),
        Bullets(examples),
        Paragraph(visit.say("talk.help.lists")),
        *((Paragraph(visit.say("talk.help.postings")),) if visit.may("classify") else ()),
        Paragraph(visit.say("talk.help.words")),
    )
    return Outcome(blocks, visit.chat)


def _language(visit: Visit, wanted: str) -> Outcome:
    """From now on in that language; without one, which there are."""
    if wanted not in LANGUAGES:
        options = [Option(visit.say(f"web.language.{code}"), f"lang {code}") for code in LANGUAGES]
        blocks = (Paragraph(visit.say("talk.language.which")),)
        return Outcome(blocks, visit.chat, one_each(*options))
    told = speak(wanted, visit.chat, visit.book, visit.desk.config.profile)
    return Outcome(told.reply.blocks, told.chat, language=wanted)


def _why(visit: Visit, _: list[str]) -> Outcome:
    """The words, scores and runners-up of the last answer."""
    last = visit.chat.last
    if last is None:
        return visit.told("why.none")
    return Outcome(why.account(last, visit.book, visit.language), visit.chat)


def _source(visit: Visit, _: list[str]) -> Outcome:
    """Where the last answer comes from."""
    told = command("source", visit.chat, visit.book, visit.language)
    return Outcome(told.reply.blocks, told.chat, language=told.reply.language)


def _more(visit: Visit, _: list[str]) -> Outcome:
    """Everything of the last entry; where a text was cut, its rest."""
    if visit.chat.rest:
        return _continue(visit, [])
    told = command("more", visit.chat, visit.book, visit.language)
    return Outcome(told.reply.blocks, told.chat, language=told.reply.language)


def _continue(visit: Visit, _: list[str]) -> Outcome:
    """What did not fit into the last message."""
    if not visit.chat.rest:
        return visit.told("talk.continue.nothing")
    return Outcome((Paragraph(visit.chat.rest),), replace(visit.chat, rest=""))


def _thumb(good: bool) -> Act:
    def thumb(visit: Visit, arguments: list[str]) -> Outcome:
        return questions.judged(visit, good, arguments[0] if arguments else "")

    return thumb


def _my_data(visit: Visit, _: list[str]) -> Outcome:
    """Everything that is kept about the person, as a file."""
    if visit.incoming.group:
        return visit.told("talk.private")
    if not visit.can.files:
        return visit.told("talk.my_data.elsewhere")
    kept = visit.desk.store.keeping.export(visit.person.id, visit.person.name)
    data = json.dumps(kept, ensure_ascii=False, indent=1).encode()
    blocks = (Paragraph(visit.say("talk.my_data.here")),)
    return Outcome(blocks, visit.chat, files=(Attachment("zhiwen-my-data.json", data),))


def _forget_me(visit: Visit, _: list[str]) -> Outcome:
    """What can be forgotten; nothing is until it is picked."""
    options = (
        Option(visit.say("talk.forget.chat"), "forget chat"),
        Option(visit.say("talk.forget.all"), "forget all"),
    )
    return Outcome((Paragraph(visit.say("talk.forget.which")),), visit.chat, one_each(*options))


def _forget(visit: Visit, arguments: list[str]) -> Outcome:
    """Forget this conversation, or the person with everything that is theirs."""
    from bot.model import Chat

    store, fresh = visit.desk.store, Chat(speaking=visit.language)
    if arguments == ["all"]:
        store.keeping.erase(visit.person.id, visit.person.name)
        return replace(visit.told("talk.forgotten.all"), chat=fresh, edits=True)
    store.chats.forget(visit.chat_id)
    return replace(visit.told("talk.forgotten.chat"), chat=fresh, edits=True)


def _id(visit: Visit, _: list[str]) -> Outcome:
    """As whom, and as what, the person is known."""
    roles = visit.say("list.comma").join(visit.person.roles)
    return visit.told("talk.id", name=visit.person.name, roles=roles, sender=visit.incoming.sender)


def _link(visit: Visit, _: list[str]) -> Outcome:
    return visit.told("talk.link.how")


def _stop(visit: Visit, _: list[str]) -> Outcome:
    """Nothing is awaited any more."""
    return replace(visit.told("talk.stopped"), chat=replace(visit.chat, awaiting="", rest=""))


def _checklists(act: Callable[[Visit, list[str]], Outcome]) -> Act:
    def guarded(visit: Visit, arguments: list[str]) -> Outcome:
        return _with_right(visit, "checklists", lambda: act(visit, arguments))

    return guarded


def _asking(word: str, key: str) -> Act:
    """An act that needs words of the person: they are asked for."""
    return lambda visit, arguments: lists.await_(visit, " ".join((word, *arguments)), key)


ACTS: dict[str, Act] = {
    "start": lambda visit, a: lists.start(visit, a[0]) if a else _help(visit, a),
    "items": lambda visit, a: questions.items(visit, a[0]),
    "help": _help,
    "why": _why,
    "source": _source,
    "more": _more,
    "continue": _continue,
    "good": _thumb(True),
    "bad": _thumb(False),
    "my_data": _my_data,
    "forget_me": _forget_me,
    "forget": _forget,
    "id": _id,
    "link": _link,
    "stop": _stop,
    "lang": lambda visit, a: _language(visit, a[0] if a else ""),
    "pick": lambda visit, a: questions.picked(visit, a[0], a[1], a[2] if len(a) > 2 else ""),
    "lists": _checklists(lambda visit, a: lists.lists(visit, "")),
    "runs": _checklists(lambda visit, a: lists.open_runs(visit)),
    "run": _checklists(lambda visit, a: lists.show(visit, a[0], int(a[1]))),
    "tick": _checklists(lambda visit, a: lists.tick(visit, a[0], int(a[1]), a[2], a[3])),
    "vote": _checklists(
        lambda visit, a: lists.vote(visit, a[0], int(a[1]), frozenset(a[2].split(",")) - {"-"})
    ),
    "close": _checklists(lambda visit, a: lists.close(visit, a[0], int(a[1]))),
    "reopen": _checklists(lambda visit, a: lists.reopen(visit, a[0], int(a[1]))),
    "except": _checklists(lambda visit, a: lists.exceptions(visit, a[0], int(a[1]))),
    "reason": _checklists(_asking("reason", "talk.run.reason")),
    "date": _checklists(_asking("date", "talk.run.date.when")),
}
"""Word -> what it does."""
