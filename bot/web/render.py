"""Templates -> responses, with the cookies that a visitor needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.templates import environment
from bot.texts import say
from bot.web import visitor as v
from bot.web.visitor import Visitor
from knowledge.engine.model import LANGUAGES

PAGES = ("chat", "posting", "checklists", "knowledge", "insights")
"""The pages of the menu; each has a right in NEEDS or is for everyone who may ask."""
NEEDS = {"posting": "classify", "insights": "insights", "checklists": "checklists"}


def page(
    request: Request, who: Visitor, template: str, status: int = 200, /, **values: Any
) -> Response:
    """A page or fragment in the visitor's language."""
    text = environment("web").get_template(template).render(
        say=partial(say, who.language),
        language=who.language,
        languages=LANGUAGES,
        who=who,
        pages=[name for name in PAGES if who.may(NEEDS.get(name, "ask"))],
        path=request.url.path,
        **values,
    )  # fmt: skip
    return with_cookies(request, who, HTMLResponse(text, status))


def to(request: Request, who: Visitor, where: str) -> Response:
    """A redirect after a form, so that reloading repeats nothing."""
    return with_cookies(request, who, RedirectResponse(where, 303))


def wants_fragment(request: Request) -> bool:
    """Whether a script on the page asks for a piece of it."""
    return request.headers.get("hx-request") == "true"


def with_cookies(request: Request, who: Visitor, response: Response) -> Response:
    """*response* with the cookies the visitor lacks."""
    secure = v.service(request).config.secure_cookies
    if who.is_new:
        response.set_cookie(
            v.SECRET, who.secret, max_age=v.YEAR, httponly=True, samesite="lax", secure=secure
        )
    if request.query_params.get("lang") in LANGUAGES:
        speaking(request, who.language, response)
    return response


def speaking(request: Request, language: str, response: Response) -> Response:
    """*response* with the cookie of a language that has been chosen."""
    secure = v.service(request).config.secure_cookies
    response.set_cookie(
        v.LANGUAGE, language, max_age=v.YEAR, httponly=True, samesite="lax", secure=secure
    )
    return response
