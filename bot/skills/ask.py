"""An answer, suggestion or refusal from the knowledge -> the reply a person reads."""

from __future__ import annotations

from dataclasses import replace

from bot.model import (
    Action,
    Block,
    Bullets,
    Footnote,
    Heading,
    Outcome,
    Paragraph,
    Reply,
    Turn,
    pick,
)
from bot.script.detect import script_of
from bot.texts import say
from bot.views import checklist, markets, owner, refusal, sources, verdict
from bot.views.entry import body, citation, entry_blocks, sides
from bot.views.shorten import shorten
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Checklist, Entry, Role
from rules.questions.lines import NAMES, best_lines
from rules.questions.model import Answer, Band, Candidate

OWNER = "owner"
FIGURES = frozenset({"metrics", "measure", "formula", "period", "guideline"})
"""Intents that want a figure: platforms and law are nothing to them."""
LIST = ("state", "list")
"""Kind and value of the evidence that a list is asked for."""
SEE_ALSO = 3
OTHERS = 2
"""What else a guess may have been about."""
NEXT = ("responsibilities", "metrics", "boundaries", "steps", "do", "rows", "checklists")
"""The sections that people ask for next."""
PLAIN = ("summary", "pause_points", "points", "steps")
"""Sections that need no name beside the title of their entry: what its kind is mostly asked for."""
NAMELESS = (*PLAIN, "definition")
"""Those that need none where they are offered."""


def ask(turn: Turn) -> Outcome:
    """Answer, ask back or decline, as `rules.questions.answer` decided."""
    answer = turn.answer
    if answer.band is Band.ANSWER and answer.entry:
        return _answer(turn, answer, answer.entry)
    if answer.asks_for:
        return _suggest(turn, answer, (refusal.asked_back(answer, turn.language),))
    if answer.band is Band.SUGGEST:
        return _suggest(turn, answer, refusal.limit(answer, turn.book, turn.language))
    return _decline(turn, answer)


def more(turn: Turn) -> Outcome:
    """Everything the last entry holds."""
    id_ = turn.chat.conversation.entry
    if id_ is None:
        return _decline(turn, replace(turn.answer, band=Band.DECLINE, entry=None))
    base, language = turn.book.base, turn.language
    entry = base.entry(id_, base.told_in(id_, language))
    reply = Reply(language, tuple(entry_blocks(entry, base, language, _script(turn))))
    return Outcome(reply, turn.chat, replace(turn.answer, entry=id_, section="summary"))


def _answer(turn: Turn, answer: Answer, id_: str) -> Outcome:
    language = turn.language
    entry = _entry(turn, id_)
    blocks, cut = _answer_blocks(turn, answer, entry, answer.guess)
    further, more_cut = _further_answers(turn, answer)
    all_of = ((entry.id, answer.section),) if cut else ()
    choices = _to_pick(turn, answer, entry, (*all_of, *more_cut))
    intro = "guess.choices" if answer.guess else "more.intro"
    prompt = say(language, intro) if choices else ""
    reply = Reply(language, (*blocks, *further), choices, prompt, id_)
    return Outcome(reply, turn.chat, answer)


def _script(turn: Turn) -> str:
    """The script of what was written; that of the conversation, where something was pressed."""
    return script_of(turn.message.text, turn.chat.script)


def _entry(turn: Turn, id_: str) -> Entry:
    base = turn.book.base
    return base.entry(id_, base.told_in(id_, turn.language))


def _answer_blocks(
    turn: Turn, answer: Answer, entry: Entry, short: bool
) -> tuple[tuple[Block, ...], bool]:
    """(the answer first and then the details with their source, whether details were left out)."""
    base, language = turn.book.base, turn.language
    owned = owner.line(entry, base, language) if _asks_who(answer, entry) else ""
    available = base.told_in(entry.id, language)
    blocks: list[Block] = list(verdict.short_answer(answer, entry, base, language))
    blocks += _head(turn, answer, entry, owned)
    if available != language:
        blocks.append(Footnote(_fallback(available, language)))
    shown, cut = _details(turn, answer, entry, short)
    short = short or cut
    missing = refusal.missing_kinds(answer, turn.book, language)
    blocks += shown
    if not short and not answer.line and answer.intent not in FIGURES:
        blocks += markets.local_lines(entry, answer.section, base, language, _script(turn))
    blocks += missing
    beside = answer.section in ("summary", "steps", "do") and not short and not missing
    if entry.not_covered and beside:
        blocks.append(Footnote(entry.not_covered))
    return (*blocks, *citation(entry, answer, base, language)), cut


def _asks_who(answer: Answer, entry: Entry) -> bool:
    """Whether the answer begins with whose it is: also where who is one of several questions."""
    if answer.intent == OWNER:
        return True
    return isinstance(entry, Role) and any(
        e.kind == "cue" and e.value == OWNER for e in answer.evidence
    )


def _details(
    turn: Turn, answer: Answer, entry: Entry, short: bool
) -> tuple[tuple[Block, ...], bool]:
    """(what answers, whether any of it was left out)."""
    base, language = turn.book.base, turn.language
    said = any(e.kind != "chat" for e in answer.evidence)
    if isinstance(entry, Checklist) and answer.section == "pause_points":
        if short:
            return checklist.brief_blocks(entry, base, language), True
        if said and not _wants_all(answer, entry):
            return checklist.brief_blocks(entry, base, language, checklist.ALL), True
    if said and answer.section == "responsibilities" and answer.intent == OWNER:
        return _owner_duties(answer, entry, base), True
    details = body(entry, answer, base, language)
    return shorten(details) if short else (details, False)


def _wants_all(answer: Answer, entry: Entry) -> bool:
    """Whether every item of a checklist is asked for: it is named, or a list is."""
    return any(
        (e.kind, e.value) == LIST or (e.kind in NAMES and e.value == entry.id)
        for e in answer.evidence
    )


def _owner_duties(answer: Answer, entry: Entry, base: KnowledgeBase) -> tuple[Block, ...]:
    """Of the work of an owner what was asked about; what it is for, where no line says that."""
    told = sources.mark_general_practice(entry)
    found = best_lines(told.responsibilities, answer, base) if isinstance(told, Role) else ()
    return (Bullets(found),) if found else (Paragraph(entry.summary),)


def _head(turn: Turn, answer: Answer, entry: Entry, owned: str) -> list[Block]:
    """What is answered: whose it is, for an owner; said to be a guess, or about what, if so."""
    base, language = turn.book.base, turn.language
    section = "" if answer.section in PLAIN else say(language, f"section.{answer.section}")
    title = sides(entry, answer, base, language)
    unit = owner.unit(entry, turn.organization if owned else None, base, language)
    told = owned and section and answer.section != "responsibilities"
    rest: list[Block] = [*unit, *([Heading(section, "minor")] if told else ())]
    about = base.title(answer.about, language) if answer.about not in ("", entry.id) else ""
    if answer.guess:
        what = " \u00b7 ".join(filter(None, (title, section)))
        first = Heading(say(language, "guess.heading", what=what), entry=entry.id)
        return [first, *([Paragraph(owned)] if owned else ()), *rest]
    if owned:
        note = say(language, "about.note", subject=about)
        return [Heading(owned, entry=entry.id), *([Paragraph(note)] if about else ()), *rest]
    title_about = say(language, "about.heading", subject=about, what=title) if about else title
    return [Heading(title_about, section, entry.id), *rest]


def _further_answers(
    turn: Turn, answer: Answer
) -> tuple[tuple[Block, ...], tuple[tuple[str, str], ...]]:
    """(the answers to further questions of the message, in short; which of them have more)."""
    blocks: list[Block] = []
    cut: list[tuple[str, str]] = []
    for other in answer.also:
        if other.band is Band.ANSWER and other.entry:
            answered, is_cut = _answer_blocks(turn, other, _entry(turn, other.entry), True)
            blocks += answered
            cut += [(other.entry, other.section)] if is_cut else []
            continue
        if other.asked:
            blocks.append(Heading(other.asked, "minor"))
        if other.asks_for:
            blocks.append(refusal.asked_back(other, turn.language))
        else:
            blocks += refusal.decline(other, turn.book, turn.language)
    return tuple(blocks), tuple(cut)


def _fallback(available: str, language: str) -> str:
    return say(language, "language.note", language=say(language, f"language.{available}"))


def _to_pick(
    turn: Turn, answer: Answer, entry: Entry, cut: tuple[tuple[str, str], ...]
) -> tuple[Action, ...]:
    """The whole of what was shortened; then what a guess may have missed, or what comes next."""
    base, language = turn.book.base, turn.language
    whole_of = tuple(
        pick(say(language, "short.all", title=base.title(id_, language)), id_, section)
        for id_, section in cut
    )
    if answer.guess:
        read = {entry.id, *(other.entry for other in answer.also)}
        unread = tuple(one for one in answer.others if one.entry not in read)
        return (*whole_of, *_choices(turn, unread[:OTHERS]))
    return (*whole_of, *_see_also(turn, entry, answer))[:SEE_ALSO]


def _see_also(turn: Turn, entry: Entry, answer: Answer) -> tuple[Action, ...]:
    """What people ask next: the entry's other sections, then its related entries."""
    base, language = turn.book.base, turn.language
    choices = []
    for section in NEXT:
        if section != answer.section and getattr(entry, section, None):
            label = f"{entry.title} · {say(language, f'section.{section}')}"
            choices.append(pick(label, entry.id, section))
    following = getattr(entry, "next", None)
    related = ((following,) if following else ()) + entry.related
    choices = choices[: SEE_ALSO - 1] if related else choices
    choices += [pick(base.title(id_, language), id_, "summary") for id_ in related]
    return tuple(choices[:SEE_ALSO])


def _choices(turn: Turn, candidates: tuple[Candidate, ...]) -> tuple[Action, ...]:
    base, language = turn.book.base, turn.language
    titles = [base.title(candidate.entry, language) for candidate in candidates]
    result = []
    for candidate in candidates:
        label = base.title(candidate.entry, language)
        if candidate.section not in NAMELESS or titles.count(label) > 1:
            label += f" · {say(language, f'section.{candidate.section}')}"
        result.append(pick(label, candidate.entry, candidate.section))
    return tuple(result)


def _suggest(turn: Turn, answer: Answer, first: tuple[Block, ...]) -> Outcome:
    """Choices, below what is to be said before them."""
    language = turn.language
    choices = _choices(turn, answer.others)
    before = (*first, *refusal.missing_kinds(answer, turn.book, language))
    intro = "decline.offer" if before else "suggest.intro"
    prompt = say(language, intro) if choices else ""
    reply = Reply(language, (*before, *_further_answers(turn, answer)[0]), choices, prompt)
    return Outcome(reply, turn.chat, answer)


def _decline(turn: Turn, answer: Answer) -> Outcome:
    """That there is no answer, and why; what there is instead only where it was decided so."""
    language = turn.language
    blocks = (*refusal.decline(answer, turn.book, language), *_further_answers(turn, answer)[0])
    choices = _choices(turn, answer.others)
    prompt = say(language, "decline.offer") if choices else ""
    return Outcome(Reply(language, blocks, choices, prompt), turn.chat, answer)
