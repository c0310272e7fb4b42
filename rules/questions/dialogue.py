"""resolve: a message in its conversation -> Answer, by the first reading that applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rules.book import RuleBook
from rules.questions import things, weigh_readings
from rules.questions.belonging import of_thing
from rules.questions.corrections import corrected_answer
from rules.questions.ellipsis import (
    BARE,
    answer_near_focus,
    is_elliptic,
    lean,
    previous_intent,
    wanted_intent,
)
from rules.questions.model import Answer, Band, Evidence, Intent, Utterance
from rules.questions.numbers import pick
from rules.questions.others import answer_others
from rules.questions.question_parts import answer_parts
from rules.questions.relations import holds, usual_section
from rules.questions.short import talk
from rules.questions.siblings import sibling
from rules.questions.signs import CLOSINGS, Turn, focus_evidence, shift_evidence, turn_of
from rules.questions.standalone import (
    COMPARE,
    answer_standalone,
    decide_intent,
    evidence_of,
    settled_by_example,
)
from rules.questions.state import Conversation

OVERVIEW = "overview"
"""The intent whose own words name the thing: the nine steps."""
THING = "thing"
"""What is asked back where nothing at all is said of what a message is about."""


def resolve(utterance: Utterance, before: Conversation, book: RuleBook) -> Answer:
    """Decide what *utterance* gets in a conversation that has gone as *before*. Pure."""
    whole = _answer_one(utterance, before, book)
    return answer_parts(utterance, before, whole, book, lambda u, b: _answer_one(u, b, book))


def _answer_one(utterance: Utterance, before: Conversation, book: RuleBook) -> Answer:
    """What a message gets that asks one thing, or a part of one."""
    if settled_by_example(utterance.raw, book):
        return answer_standalone(utterance, book)
    turn = turn_of(utterance, before, book)
    for reading in READINGS:
        found = reading(turn)
        if found is not None:
            seen = evidence_of(turn.utterance, turn.intent)
            found = replace(found, evidence=tuple(dict.fromkeys((*seen, *found.evidence))))
            return replace(shift_evidence(found, turn.opening_length), refused=turn.refused)
    return answer_standalone(utterance, book)


def _asked_back_for(turn: Turn) -> Answer | None:
    """The thing that was asked back for."""
    name = turn.before.pending
    if not name or turn.asks or not turn.short or "switches" in turn.openings:
        return None
    rule = turn.book.intents.get(name)
    told = (Evidence("chat", "", 0, 0, name),)
    intent = Intent(name, rule.sections if rule else (), rule.kinds if rule else (), told)
    # Beside the thing that was asked back for, a word for something not covered sets the scene.
    thing = replace(turn.utterance, limits=())
    found = _of_kind(decide_intent(thing, intent, turn.book), intent)
    return found if found.band is Band.ANSWER or found.others else None


def _of_kind(found: Answer, intent: Intent) -> Answer:
    """The first of the kind that was asked for, where something else came before it."""
    if len(intent.kinds) != 1 or not found.entry or found.entry.startswith(intent.kinds[0] + "."):
        return found
    of_kind = [c for c in found.others if c.entry.startswith(intent.kinds[0] + ".")]
    if not of_kind:
        return found
    rest = tuple(c for c in found.others if c is not of_kind[0])
    first, section = of_kind[0].entry, of_kind[0].section
    return replace(found, entry=first, section=section, others=rest, guess=True)


def _first_message(turn: Turn) -> Answer | None:
    """With nothing to lean on: as it stands; asked back where it names nothing.

    A pronoun does not mean what a refused message merely came near to.
    """
    if not turn.before.empty and not (turn.before.is_faint and turn.has("pronouns")):
        return None
    needed = _needed(turn)
    if needed:
        return things.ask_back(needed)
    if turn.refused:
        return weigh_readings.answer_alone(turn)
    return shift_evidence(answer_standalone(turn.original, turn.book), -turn.opening_length)


def _needed(turn: Turn) -> str:
    """The intent that says nothing without a thing, where no thing is there; or ""."""
    utterance = turn.utterance
    if utterance.mentions or turn.weight > BARE or utterance.limits or utterance.false_friends:
        return ""
    if (
        turn.book.ordinals.number(utterance.normal.text) is not None
        or turn.intent.name in turn.book.talk
    ):
        return ""
    asked = [turn.intent.name, *(cue.value for cue in utterance.cues)] if turn.asks else []
    if OVERVIEW in asked:
        return ""
    needed = [name for name in asked if name in turn.book.needs_thing]
    if needed and (needed[0] == asked[0] or asked[0] == "define"):
        return needed[0]
    if turn.has("pair"):
        return COMPARE
    if turn.asks and turn.has("pronouns"):
        return turn.intent.name
    return THING if _is_vague(turn) else ""


def _is_vague(turn: Turn) -> bool:
    """Whether something is asked or happens, and nothing is said of what: "what do I do now"."""
    things = any(s.id.startswith("thing.") for s in turn.utterance.situation)
    return not things and turn.weight <= BARE and bool(turn.asks or turn.utterance.situation)


def _switched(turn: Turn) -> Answer | None:
    """Another subject: as if nothing had been said."""
    if "switches" not in turn.openings:
        return None
    if turn.utterance.raw == turn.original.raw:
        return Answer(Band.ANSWER, "agree", None, "", 1.0)
    return weigh_readings.answer_alone(turn)


def _edge(turn: Turn) -> Answer | None:
    """What is openly not covered, false friends, and talk about the conversation."""
    intent = turn.intent
    edge = turn.utterance.limits or turn.utterance.false_friends
    held = _held_beside(turn)
    if held:
        return held
    if edge or intent.name in turn.book.replies:
        return weigh_readings.answer_alone(turn)
    return None


def _held_beside(turn: Turn) -> Answer | None:
    """What the thing told last holds of what sounds like something not covered.

    Only where nothing else is said: "what is a good value", "give me the steps".
    """
    kinds = tuple(dict.fromkeys(limit.value for limit in turn.utterance.limits))
    own = any(char.isdecimal() for char in turn.utterance.raw) or turn.has("should_we")
    if not kinds or own or turn.named_entries or not turn.before.told or not is_elliptic(turn):
        return None
    intent = wanted_intent(turn)
    if intent.name == "guideline" or any(turn.book.limits[kind].aside for kind in kinds):
        return None
    found = lean(turn, intent, BARE)
    return found and replace(found, guess=True, missing=kinds)


def _returned(turn: Turn) -> Answer | None:
    """Back to what was told last: what is asked of it, else the same again."""
    if not _goes_back(turn) or turn.before.entry is None:
        return None
    if turn.named_entries:
        return _back_to(turn)
    intent = wanted_intent(turn)
    entry, section = turn.before.entry, turn.before.section
    found = lean(turn, intent, 9.0) if intent.evidence else answer_near_focus(turn, intent)
    again = Answer(Band.ANSWER, turn.before.intent, entry, section, 1.0, guess=bool(turn.content))
    return found or replace(again, about=entry, evidence=(focus_evidence(entry),))


def _goes_back(turn: Turn) -> bool:
    return "returns" in turn.openings or any(s.group == "returns" for s in turn.signs)


def _back_to(turn: Turn) -> Answer | None:
    """Back to what is named: what is asked of it, as it was told; None where it was not."""
    before, intent = turn.before, wanted_intent(turn)
    spoken = dict.fromkeys((*reversed(before.told), *(id_ for id_, _ in before.focus)))
    slugs = {name.partition(".")[2] for name in turn.named_entries}
    topics = [id_ for id_ in spoken if id_ in turn.named_entries or id_.partition(".")[2] in slugs]
    if not topics or len(turn.named_entries) > 1:
        return None
    asked = intent if intent.evidence else Intent("define")
    tried = (
        of_thing(id_, intent, turn) for id_ in (*topics, *turn.named_entries) if intent.evidence
    )
    found = next((a for a in tried if a), None)
    same = Answer(
        Band.ANSWER, asked.name, topics[0], usual_section(turn.book.base.entry(topics[0])), 1.0
    )
    guess = turn.weight > BARE and not intent.evidence
    return replace(
        found or same, about=topics[0], guess=guess, evidence=(focus_evidence(topics[0]),)
    )


def _same_of(turn: Turn) -> Answer | None:
    """ "And X?": what was asked last, of X."""
    opened = bool(turn.openings & {"ands", "lead_ins"}) or turn.has("what_about", "and_tails")
    if turn.asks or not (opened and turn.short):
        return None
    same_kind = sibling(turn)
    if same_kind and turn.before.intent not in ("", "define", *turn.book.talk):
        return _carried_to(same_kind, turn)
    if turn.before.intent == "owner" and (not turn.named_entries or turn.weight > BARE):
        found = decide_intent(turn.utterance, previous_intent(turn), turn.book)
        likely = bool(turn.named_entries) or not found.guess
        return found if found.band is Band.ANSWER and likely else None
    if (
        len(turn.named_entries) != 1
        or turn.weight > BARE
        or turn.before.intent in {"", "define", *turn.book.talk}
    ):
        return None
    return _carried_to(turn.named_entries[0], turn)


def _carried_to(named: str, turn: Turn) -> Answer | None:
    """The last intent for the thing named; as it stands where the thing has no such section."""
    intent = previous_intent(turn)
    if intent.name == COMPARE:
        return things.against(replace(turn, intent=intent))
    if intent.name == "owner":
        return decide_intent(turn.utterance, intent, turn.book)
    found = of_thing(named, intent, turn)
    same = turn.before.section
    if found is None and getattr(turn.book.base.entry(named), same, None):
        found = Answer(Band.ANSWER, intent.name, named, same, 1.0)
    return found and replace(found, evidence=(focus_evidence(named),))


def _beside_name(turn: Turn) -> Answer | None:
    """A name beside a pronoun, which cannot have what is asked: the thing in focus has it."""
    if (
        len(turn.named_entries) != 1
        or not turn.asks
        or not is_elliptic(turn)
        or not _pronoun_first(turn)
    ):
        return None
    if turn.intent.name == "define":
        asked = _asked_by_name(turn)
        return lean(turn, asked, 9.0) if asked else None
    entry = turn.book.base.entry(turn.named_entries[0])
    if turn.intent.name in (COMPARE, "owner", "checklist"):
        return None
    if turn.intent.name != "boundaries" and holds(entry, turn.intent):
        return None
    return lean(turn, turn.intent, 9.0)


def _asked_by_name(turn: Turn) -> Intent | None:
    """What the name says is wanted, where it is a word for that, too: "what are its KPIs"."""
    whole, begin = turn.original, turn.opening_length
    places = [whole.normal.original(m.start, m.end) for m in whole.mentions]
    cues = [c for c in whole.cues if c.start >= begin and (c.start, c.end) in places]
    rules = [turn.book.intents[c.value] for c in cues if c.value in turn.book.intents]
    return (
        Intent(rules[0].intent, rules[0].sections, rules[0].kinds, tuple(cues)) if rules else None
    )


def _pronoun_first(turn: Turn) -> bool:
    """Whether a pronoun stands before the name; one after it means that name."""
    starts = [s.start for s in turn.signs if s.group == "pronouns"]
    return bool(starts) and min(starts) < turn.utterance.mentions[0].start


def _number(turn: Turn) -> Answer | None:
    """A number and nothing else but what opens and closes a message."""
    text = turn.utterance.normal.text
    digits = "".join(char for char in text if char.isdecimal())
    rest = text[len(digits) :].strip("?!. \u3002\uff1f\uff01\u3001")
    if not text.startswith(digits) or not 0 < len(digits) <= 2:
        return None
    if rest and not any(s.start == len(digits) and s.group in CLOSINGS for s in turn.signs):
        return None
    return pick(int(digits), turn.before, turn.book) or things.ask_back(
        turn.before.intent or "define"
    )


READINGS: tuple[Callable[[Turn], Answer | None], ...] = (
    talk, _asked_back_for, _first_message, _switched, things.nth_thing, _edge, _number,
    things.next_step, things.answer_two, _returned, things.list_contents, answer_others,
    things.against, _same_of, corrected_answer, _beside_name, weigh_readings.answer_if_sure,
    weigh_readings.answer_from_focus, weigh_readings.by_itself,
)  # fmt: skip
