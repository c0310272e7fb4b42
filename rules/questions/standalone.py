"""One message by itself -> Answer; what the conversation adds is in `dialogue`."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from knowledge.engine.model import Comparison, Stage
from knowledge.engine.normal import question_key
from rules.book import RuleBook
from rules.questions import drafting, faq_override, leads, rank, task_owner, verdicts
from rules.questions.decide import decide, of_kind
from rules.questions.intent import recognize
from rules.questions.model import Answer, Band, Candidate, Clause, Evidence, Intent, Utterance
from rules.questions.section import choose
from rules.questions.several import answer_several
from rules.questions.utterance import read, span

SUGGESTIONS = 3
MAX_COMPARED = 4
MAX_BESIDE = 0.6
"""How much unexplained content may stand beside "the third step", so that the cycle is meant."""
COMPARE = "compare"
OVERVIEW, PLUS_ONE = "stage.overview", "stage.plus_one"
BESIDE_TAUGHT = 0.9
"""What is left of the score of others where an example has settled the question."""
JUXTAPOSED, COMPARABLE = 0.5, 0.2
"""How much of a message two names must explain to be set side by side: unasked, and asked."""


def answer_standalone(utterance: Utterance, book: RuleBook) -> Answer:
    """Decide what *utterance* gets, whatever was said before. Pure."""
    whole = _clause(utterance, book).answer

    @cache  # the part that is held and further questions look at the same clauses
    def one(text: str) -> Clause:
        return _clause(read(text, book, utterance.language), book)

    def ask(clause: Utterance, intent: Intent) -> Answer:
        return _ranked_answer(clause, intent, book)

    return answer_several(utterance, whole, book, one, ask)


def _clause(utterance: Utterance, book: RuleBook) -> Clause:
    """What a message, or a part of one, asks and gets that asks one thing."""
    intent, utterance = recognize(utterance, book)
    answer = decide_intent(utterance, intent, book)
    return Clause(utterance, intent, verdicts.with_short_answer(answer, utterance, intent, book))


def decide_intent(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer:
    """What an utterance gets of which is known what is wanted. Pure."""
    evidence = evidence_of(utterance, intent)
    taught = _taught_answer(utterance, intent, book) or _listed_refusal(utterance, intent, book)
    if not taught and intent.name in book.replies:
        return Answer(Band.ANSWER, intent.name, None, "", 1.0, evidence=evidence)
    found = (
        taught
        or _false_friend(utterance, intent)
        or drafting.posting(utterance, intent)
        or leads.by_intent(utterance, intent, book)
        or _limit(utterance, intent, book)
        or _step(utterance, intent, book)
        or verdicts.which_owner(utterance, intent, book)
        or verdicts.part_of_answer(utterance, intent, book)
        or _comparison(utterance, intent, book)
        or _owner(utterance, intent, book)
        or task_owner.bare_task(utterance, intent, book)
        or _ranked_answer(utterance, intent, book)
    )
    return replace(found, evidence=(*evidence, *found.evidence))


def settled_by_example(question: str, book: RuleBook) -> tuple[str, str] | None:
    """The entry of which *question* is an example, and the section it names ("" for none)."""
    return book.base.entry_of_example(question_key(question)) if book.teaching else None


def _taught_answer(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """A question that an editor has settled, before any rule has a say.

    A bug report becomes a line of YAML, and from then on that question is answered as it says.
    """
    taught = settled_by_example(utterance.raw, book)
    if taught is None:
        return None
    id_, section = taught
    section = section or choose(book.base.entry(id_), intent, True, 0)
    others = [c for c in rank.candidates(utterance, intent, book) if c.entry != id_]
    rest = tuple(replace(c, score=round(c.score * BESIDE_TAUGHT, 4)) for c in others[:SUGGESTIONS])
    compared = tuple(dict.fromkeys(m.entry for m in utterance.mentions))
    asked = Evidence("example", utterance.raw, 0, len(utterance.raw), id_)
    return Answer(Band.ANSWER, intent.name, id_, section, 1.0, rest, compared, evidence=(asked,))


def _listed_refusal(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """A question that an editor has listed as one to be refused."""
    kind = book.base.refused_kind(question_key(utterance.raw)) if book.teaching else None
    return of_kind(kind, utterance, intent, book) if kind in book.limits else None


def evidence_of(utterance: Utterance, intent: Intent) -> tuple[Evidence, ...]:
    """The names, cues and edges of a message, in their order."""
    named = (
        Evidence(m.kind, *span(utterance, m.start, m.end), m.entry, m.strength)
        for m in utterance.mentions
    )
    rows = (
        *named,
        *intent.evidence,
        *utterance.pronouns,
        *utterance.limits,
        *utterance.false_friends,
    )
    return tuple(sorted(dict.fromkeys(rows), key=lambda e: (e.start, e.end, e.kind, e.value)))


def _false_friend(utterance: Utterance, intent: Intent) -> Answer | None:
    """A word of ours in another meaning, and nothing else that we know."""
    if not utterance.false_friends or utterance.mentions:
        return None
    return Answer(Band.DECLINE, intent.name, None, "", 0.0)


def _limit(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """A kind of ask that nothing here holds, beside nothing of ours or beside a mere name.

    It is held where an organization has an answer on it of its own.
    """
    if not utterance.limits or faq_override.covers(utterance, intent, book):
        return None
    return decide(utterance, intent, book, rank.candidates(utterance, intent, book))


def _step(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """The nth, next or previous step of the brand cycle; which step one is; the overview."""
    stages = [m.entry for m in utterance.mentions if m.entry.startswith("stage.")]
    named = next((id_ for id_ in stages if id_ != OVERVIEW), None)
    if intent.name in ("next", "previous"):
        return neighbour_step(named, intent, book)
    bare = not utterance.mentions and _beside_number(utterance, book) <= MAX_BESIDE
    if utterance.number is not None and (stages or bare):
        step = steps_of_cycle(book).get(utterance.number)
        if step:
            return _sure_answer(intent.name, step, "do")
    if PLUS_ONE in stages and (OVERVIEW in stages or not utterance.words):
        return _sure_answer(intent.name, PLUS_ONE, "summary")
    if intent.name == "stage" and named:
        return _sure_answer(intent.name, named, "summary")
    if intent.name == "overview" and not utterance.words and OVERVIEW in book.base.languages:
        return _sure_answer(intent.name, named or OVERVIEW, "do")
    return None


def _beside_number(utterance: Utterance, book: RuleBook) -> float:
    """How much stands beside the number of a step and its word."""
    start, end = book.ordinals.place(utterance.normal.text)
    return sum(w.weight for w in utterance.words if w.end <= start or end <= w.start)


def steps_of_cycle(book: RuleBook) -> dict[int, str]:
    """The numbered steps of the brand cycle."""
    stages = ((id_, book.base.entry(id_)) for id_ in book.base.ids("stage"))
    return {e.number: id_ for id_, e in stages if isinstance(e, Stage) and e.number}


def neighbour_step(current: str | None, intent: Intent, book: RuleBook) -> Answer:
    """The step after or before *current*; after the last one comes the "+1"."""
    at = getattr(book.base.entry(current), "number", None) if current else None
    if at is None:
        offer = Candidate(OVERVIEW, 0.5, "do")
        return Answer(Band.SUGGEST, intent.name, None, "", 0.5, (offer,))
    number = max(1, at - 1) if intent.name == "previous" else at + 1
    step = steps_of_cycle(book).get(number)
    return (
        _sure_answer(intent.name, step, "do")
        if step
        else _sure_answer(intent.name, PLUS_ONE, "summary")
    )


def _sure_answer(intent: str, entry: str, section: str) -> Answer:
    return Answer(Band.ANSWER, intent, entry, section, 1.0)


def _comparison(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """Two to four things side by side: by a written comparison, else by their own fields."""
    named = list(dict.fromkeys(m.entry for m in utterance.mentions))
    if intent.name not in (COMPARE, "in_common", "cooperate"):
        if intent.evidence or not _asks_comparison(named, utterance, book):
            return None
        if rank.Content(utterance).explained_share() < JUXTAPOSED:
            return None
        intent = replace(intent, name=COMPARE)
    written = [id_ for id_ in named if id_.startswith("comparison.")]
    if written:
        return _sure_answer(intent.name, written[0], _comparison_section(intent))
    if len(named) < 2:
        return None
    named = named[:MAX_COMPARED]
    whole = written_comparison(named, book)
    if whole is None and intent.name == "cooperate":
        return None
    score = rank.Content(utterance).explained_share()
    band = Band.ANSWER if score >= COMPARABLE else Band.SUGGEST
    entry = whole or named[0]
    section = _comparison_section(intent) if whole else COMPARE
    others = tuple(Candidate(id_, score, "summary") for id_ in named if id_ != entry)
    return Answer(
        band,
        intent.name,
        entry if band is Band.ANSWER else None,
        section,
        score,
        others
        if band is Band.ANSWER
        else (Candidate(entry, score, section), *others)[:SUGGESTIONS],
        compared=tuple(named),
    )


def _asks_comparison(named: list[str], utterance: Utterance, book: RuleBook) -> bool:
    """Whether naming these things and asking nothing can only mean: set them side by side."""
    if len(named) < 2:
        return False
    kinds = {id_.partition(".")[0] for id_ in named}
    bare = not utterance.words and (len(kinds) == 1 or kinds <= {"role", "department"})
    return bare or written_comparison(named, book, True) is not None


def _comparison_section(intent: Intent) -> str:
    return {"in_common": "in_common", "cooperate": "how_they_work_together"}.get(
        intent.name, "rows"
    )


def side_by_side(ids: tuple[str, ...], book: RuleBook) -> Answer:
    """These entries beside each other: by a written comparison, else by their own fields."""
    whole = written_comparison(list(ids), book)
    section = "rows" if whole else COMPARE
    return replace(_sure_answer(COMPARE, whole or ids[0], section), compared=ids)


def written_comparison(named: list[str], book: RuleBook, of_just_these: bool = False) -> str | None:
    """The smallest written comparison that covers all the things named (or just these).

    Ids with the same slug stand for each other: the sales role and the sales department.
    """
    wanted = {_stem(id_) for id_ in named}
    fits = []
    for id_ in book.base.ids("comparison"):
        entry = book.base.entry(id_)
        if isinstance(entry, Comparison) and entry.status == "active" and len(wanted) > 1:
            exact = set(named) <= set(entry.of)
            if of_just_these and len(entry.of) != len(wanted):
                continue
            if exact or wanted <= {_stem(other) for other in entry.of}:
                fits.append((not exact, len(entry.of), id_))
    return min(fits)[-1] if fits else None


def _stem(id_: str) -> str:
    return id_.partition(".")[2]


def _owner(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """Who does a task: the role whose own words fit it best."""
    if intent.name != "owner":
        return None
    roles = [m for m in utterance.mentions if m.entry.partition(".")[0] in ("role", "department")]
    if roles:
        return None
    by_task = task_owner.by_rule(utterance, book) or task_owner.by_signals(utterance, book)
    if by_task:
        return by_task
    candidates = rank.candidates(utterance, intent, book, kind="role")
    found = decide(utterance, intent, book, candidates)
    if found.band is Band.ANSWER and not found.guess:
        return found
    return task_owner.of_thing(utterance, intent, book) or found


def _ranked_answer(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer:
    return decide(utterance, intent, book, rank.candidates(utterance, intent, book))
