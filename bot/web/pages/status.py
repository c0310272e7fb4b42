"""For administrators: the doctor's words, the settings in force, what was done by whom."""

from __future__ import annotations

import dataclasses
import os
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot import secrets
from bot.config import Config
from bot.doctor import Finding, Place, examine
from bot.doctor.server import content
from bot.store.location import database
from bot.texts import has, say
from bot.web.auth import app_for, require
from bot.web.pagination import Number
from bot.web.render import page

AUDITED = 200
DATABASE = "ZHIWEN_DATABASE"
Setting = tuple[str, str, str]
"""Name, value without any secret, and where it comes from."""

router = APIRouter(include_in_schema=False)


@router.get("/people/status")
def show(request: Request, check: bool = False, audit: Number = 0) -> Response:
    """The settings and the audit; the doctor is asked only if that is wanted, and takes seconds."""
    who, app = require(request, "admin"), app_for(request)
    # What is served has passed its check already; to read it all anew takes too long for a page.
    place, skip = Place(app.config, app.content.root), (content,)
    findings = list(examine(place, skip)) if check else None
    audited = app.store.audit.list_recent(AUDITED + 1, audit * AUDITED)
    return page(
        request, who, "status.html", findings=findings, settings=settings(app.config),
        running=request.app.state.running, failing=sorted(request.app.state.housekeeping.failing),
        told=lambda finding: _sentence(finding, who.language),
        audited=[(row["at"], sentence(row, who.language)) for row in audited[:AUDITED]],
        at=audit, more=len(audited) > AUDITED,
        version=app.book.version,
    )  # fmt: skip


def _sentence(finding: Finding, language: str) -> str:
    return say(language, f"doctor.{finding.key}", **finding.values)


def sentence(row: dict[str, Any], language: str) -> str:
    """A line of the audit as a sentence."""
    key = f"audit.{row['action']}"
    values = {name: row[name] or "-" for name in ("by", "target", "detail")}
    return say(language, key if has(language, key) else "audit.other", what=row["action"], **values)


def settings(config: Config) -> list[Setting]:
    """Every setting in force. Secrets are in none of them but the database's, which is masked."""
    found: list[Setting] = []
    for field in dataclasses.fields(Config):
        value = getattr(config, field.name)
        if field.name == "platforms":
            for name, section in value.items():
                found += _section(name, section)
        elif field.name == "smtp" and value is not None:
            found += _section("smtp", value)
        elif field.name == "database":
            where = "environment" if os.environ.get(DATABASE) else _origin(field, value)
            found.append(("database", secrets.address(database(config)), where))
        else:
            found.append((field.name, _display(value), _origin(field, value)))
    return found


def _section(name: str, section: Any) -> list[Setting]:
    return [
        (f"{name}.{field.name}", _display(getattr(section, field.name)), "file")
        for field in dataclasses.fields(section)
        if getattr(section, field.name) not in (None, ())
    ]


def _origin(field: Any, value: Any) -> str:
    return "default" if value == field.default else "file"


def _display(value: Any) -> str:
    if value is None:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
