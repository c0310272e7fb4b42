"""Once a day, at the hour of each person: who is told what, where, and once over all servers."""

from __future__ import annotations

import datetime
import importlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec

from bot.app import App
from bot.channels.table import PLATFORMS
from bot.errors import BadInput
from bot.records import LOCAL, Person, Wishes
from bot.reminders import digest, mail, zones
from bot.runs.duties import Duty, duties
from bot.runs.queries import in_progress

EMAIL, BADGE = "email", "badge"
OFF = "reminders_off"
"""Of the tokens in mails by which such mails are ended."""
OFF_SECONDS = 60 * 24 * 3600.0
log = logging.getLogger("zhiwen.reminders")


class Later(Exception):
    """Nothing can be sent there now."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where somebody is to be told."""

    person: Person
    channel: str
    address: str
    wishes: Wishes
    day: datetime.date = datetime.date.min
    """Which day it is where they live."""


def platforms(app: App) -> tuple[str, ...]:
    """The chat platforms in which we may write first: those configured that can."""
    return tuple(
        name for name in app.config.platforms if find_spec(f"{PLATFORMS[name]}.notify") is not None
    )


def send_due(app: App, now: datetime.datetime) -> int:
    """Send every digest whose hour has come where its reader lives. Returns how many were sent.

    *now*: of the clock of the server, or with a zone. Each is claimed in the store before it is
    sent; what cannot be sent now is tried again.
    """
    waiting = _due_deliveries(app, now)
    if not waiting:
        return 0
    count, broken = 0, set[str]()
    for one, found in _with_duties(app, waiting):
        if one.channel in broken:
            continue  # the rest would wait in vain, each for as long
        try:
            count += _send_once(app, one, found)
        except Later as error:
            log.warning("digests are sent later: %s", error, extra={"channel": one.channel})
            broken.add(one.channel)
    return count


def _due_deliveries(app: App, now: datetime.datetime) -> list[Delivery]:
    """What is to be sent now: the hour has come there, and it was not sent on that day."""
    settled: dict[datetime.date, set[tuple[str, str]]] = {}
    found = []
    for one in deliveries(app):
        clock = zones.local_time(now, one.wishes.zone)
        day = clock.date()
        if one.wishes.hour > clock.hour:
            continue
        if day not in settled:
            settled[day] = app.store.reminders.list_settled(day.isoformat())
        if (one.person.id, one.channel) not in settled[day]:
            found.append(replace(one, day=day))
    return found


def _with_duties(app: App, waiting: list[Delivery]) -> Iterator[tuple[Delivery, list[Duty]]]:
    shown: dict[str, list[Duty]] = {}
    for one in waiting:
        if one.person.id not in shown:
            book = app.content.seen_by(one.person.roles)
            seen = in_progress(app.store, book, one.person, one.day)
            shown[one.person.id] = duties(seen, one.person.name, one.day)
        if shown[one.person.id]:
            yield one, shown[one.person.id]


def deliveries(app: App) -> Iterator[Delivery]:
    """Everywhere that somebody wants to be told."""
    possible = platforms(app)
    people = [LOCAL] if app.config.auth == "none" else []
    identities = app.store.people.identities()
    for person in [*people, *app.store.people.all()]:
        if person.disabled:
            continue
        wishes = app.store.reminders.wishes(person.id)
        for channel, external in identities.get(person.id, ()):
            if channel in possible and channel not in wishes.off:
                yield Delivery(person, channel, external, wishes)
        if app.config.smtp and wishes.email and wishes.confirmed and EMAIL not in wishes.off:
            yield Delivery(person, EMAIL, wishes.email, wishes)


def _send_once(app: App, one: Delivery, found: list[Duty]) -> bool:
    """Whether the digest was sent by this call. Raises Later where the channel is out of reach."""
    store, day = app.store.reminders, one.day.isoformat()
    if not store.claim(one.person.id, one.channel, day):
        return False
    language = one.wishes.language or language_of(app)
    try:
        if one.channel == EMAIL:
            _mail(app, one, found, language)
        else:
            module = importlib.import_module(f"{PLATFORMS[one.channel]}.notify")
            text = digest.text(found, one.day, language, module.LIMIT, module.IN_BYTES)
            module.send(app, one.address, text)
    except mail.Rejected as error:
        log.error("a mail is refused: %s", error)
    except (mail.Unsent, OSError, BadInput) as error:
        raise Later(str(error)) from None
    store.mark_sent(one.person.id, one.channel, day)
    return True


def _mail(app: App, one: Delivery, found: list[Duty], language: str) -> None:
    smtp = app.config.smtp
    assert smtp is not None
    token = app.store.tokens.issue(OFF, {"person": one.person.id}, seconds=OFF_SECONDS)
    off = f"{smtp.url.rstrip('/')}/reminders/off/{token}"
    text = f"{digest.text(found, one.day, language, url=smtp.url)}\n{off}\n"
    mail.send(smtp, one.address, digest.subject(found, language), text, off)


def language_of(app: App) -> str:
    """The language of somebody who has not said which."""
    return "zh" if app.config.language == "auto" else app.config.language
