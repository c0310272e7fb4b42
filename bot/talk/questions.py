"""Questions and pasted postings in a chat: answered as everywhere, with what to press below."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bot import codec, sections, sources
from bot.assistant import reply as answer_to
from bot.conversation import LONGEST_QUESTION, converse, present
from bot.model import Bullets, Heading, Message, Paragraph, Reply
from bot.skills.classify import DECIDED
from bot.talk.model import Found, Said
from bot.talk.visit import Option, Outcome, Visit, one_each
from rules.book import RuleBook
from rules.questions.model import Answer, Band

FOUND = 5


def asked(visit: Visit, text: str) -> Outcome:
    """The answer to a question, or the verdict on a posting; both are kept."""
    counted: Counter[tuple[str, str]] = Counter()
    message = Message(text, visit.chat.language, visit.incoming.language, visit.can.channel)
    told = converse(
        visit.desk.store, visit.book, visit.chat_id, message, visit.person.id,
        visit.desk.config.profile, counted, visit.may("classify"), visit.chat,
    )  # fmt: skip
    drawn = _drawn(visit, told.reply, told.answer, told.chat, told.message)
    return replace(drawn, counted=counted)


def picked(visit: Visit, entry: str, section: str, intent: str) -> Outcome:
    """What was offered, and is wanted now. The offers of an older answer still work."""
    offers = ((entry, section),)
    asked = replace(visit.chat.conversation, intent=intent, offers=offers)
    before = present(replace(visit.chat, conversation=asked), visit.book)
    if before.conversation.offers != offers:
        return visit.told("talk.gone")
    outcome = answer_to(Message("1", visit.language), before, visit.book,
                        visit.desk.config.profile)  # fmt: skip
    number = visit.desk.store.chats.keep(
        visit.chat_id, visit.person.id, codec.chat_to(outcome.chat), _label(visit, entry, section),
        codec.reply_to(outcome.reply),
    )  # fmt: skip
    return _drawn(visit, outcome.reply, outcome.answer, outcome.chat, number)


def items(visit: Visit, id_: str) -> Outcome:
    """The items of a checklist, which its answer left out."""
    base, language = visit.book.base, visit.language
    if id_ not in base.ids("checklist"):
        return visit.told("talk.gone")
    entry = base.entry(id_, base.told_in(id_, language))
    items = sections.blocks(entry, "pause_points", base, language)
    source = sources.line(entry, "pause_points", base, language)
    return Outcome((Heading(entry.title), *items, source), visit.chat, _start(visit, id_))


def judged(visit: Visit, good: bool, message: str) -> Outcome:
    """A thumb on an answer: the one that was pressed on, or the last."""
    said = visit.desk.store.chats.said(visit.chat_id, 200)
    one = next((s for s in reversed(said) if not message or str(s.id) == message), None)
    if one is None:
        return replace(visit.told("feedback.nothing"), notice=visit.say("feedback.nothing"))
    about = one.reply.get("about") or None
    before = visit.chat.conversation
    section = before.section if before.entry == about else ""
    visit.desk.store.learning.feedback(
        one.id, one.asked, about, section, good, "", one.reply["language"], visit.book.version
    )
    counted: Counter[tuple[str, str]] = Counter({("feedback", "up" if good else "down"): 1})
    if visit.incoming.press:
        return Outcome((), visit.chat, notice=visit.say("web.thanks"), counted=counted)
    return replace(visit.told("web.thanks"), counted=counted)


def found(
    book: RuleBook, text: str, language: str | None, profile: str | None
) -> tuple[Found, ...]:
    """What a question finds, each ready to be put into somebody's own message.

    *language*: that of the app, if it is one of ours.
    """
    from bot.model import Chat

    text = text.strip()
    if not text or len(text) > LONGEST_QUESTION:
        return ()
    outcome = answer_to(Message(text, around=language), Chat(), book, profile, classifies=False)
    replies = [outcome.reply]
    if outcome.answer.band is Band.SUGGEST:
        offered = range(1, min(FOUND, len(outcome.chat.conversation.offers)) + 1)
        replies = [
            answer_to(Message(str(n), outcome.reply.language), outcome.chat, book, profile).reply
            for n in offered
        ]
    elif outcome.answer.band is not Band.ANSWER or not outcome.reply.about:
        return ()
    return tuple(_found(one, book, i) for i, one in enumerate(replies) if one.about)


def _found(reply: Reply, book: RuleBook, number: int) -> Found:
    entry = book.base.entry(reply.about, book.base.told_in(reply.about, reply.language))
    said = Said(reply.language, reply.blocks)
    return Found(f"{number}-{reply.about}", entry.title, entry.summary, said)


def _drawn(
    visit: Visit, reply: Reply, answer: Answer, chat: object, message: int | None
) -> Outcome:
    from bot.model import Chat

    assert isinstance(chat, Chat)
    intent = chat.conversation.intent
    rows = list(one_each(*(_choice(choice.label, choice.entry, choice.section, intent)
                           for choice in reply.choices)))  # fmt: skip
    blocks = tuple(b for b in reply.blocks if not (isinstance(b, Bullets) and b.folds))
    if len(blocks) < len(reply.blocks):
        rows.insert(0, (Option(visit.say("talk.items"), f"items {reply.about}"),))
    if reply.about.startswith("checklist."):
        rows[:0] = _start(visit, reply.about)
    if answer.band is Band.ANSWER and message is not None:
        rows.append((
            Option("\U0001f44d", f"good {message}", quiet=True),
            Option("\U0001f44e", f"bad {message}", quiet=True),
        ))  # fmt: skip
    prompt = (Paragraph(reply.prompt),) if reply.prompt else ()
    return Outcome((*blocks, *prompt), chat, tuple(rows), language=reply.language)


def _start(visit: Visit, checklist: str) -> tuple[tuple[Option, ...], ...]:
    """What starts a checklist, for those who may work through one."""
    if not visit.may("checklists"):
        return ()
    return ((Option(visit.say("talk.start"), f"start {checklist}"),),)


def _choice(label: str, entry: str, section: str, intent: str) -> Option:
    return Option(label, f"pick {entry} {section} {intent}")


def _label(visit: Visit, entry: str, section: str) -> str:
    """What stands for a press in the conversation."""
    base = visit.book.base
    title = base.title(entry, visit.language) if entry in base.languages else entry
    if section in ("summary", DECIDED, "compare"):
        return title
    return f"{title} \u00b7 {visit.say(f'section.{section}')}"
