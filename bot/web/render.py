"""Templates -> responses, with the cookies that a visitor needs."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.script.markup import in_script
from bot.templates import environment
from bot.texts import say
from bot.web import auth
from bot.web.auth import Visitor
from bot.web.pagination import page_address
from knowledge.engine.model import LANGUAGES

PAGES = ("chat", "posting", "checklists", "knowledge", "insights", "people")
"""The pages of the menu; each has a right in NEEDS or is for everyone who may ask."""
NEEDS = {
    "posting": "classify",
    "insights": "insights",
    "checklists": "checklists",
    "people": "admin",
}


def page(
    request: Request, who: Visitor, template: str, status: int = 200, /, **values: Any
) -> Response:
    """A page or fragment in the visitor's language and script."""
    text = environment("web").get_template(template).render(
        say=partial(say, who.language),
        language=who.language,
        tongue=who.tongue,
        tongues=(LANGUAGES[0], *auth.TONGUES, *LANGUAGES[1:]),
        languages=LANGUAGES,
        who=who,
        pages=[name for name in PAGES if who.may(NEEDS.get(name, "ask"))],
        path=request.url.path,
        badge=request.app.state.badges.count_for(who.person),
        in_language=partial(_in_language, request),
        turned=partial(page_address, request),
        **values,
    )  # fmt: skip
    return with_cookies(request, who, HTMLResponse(in_script(text, who.script), status))


def _in_language(request: Request, language: str) -> str:
    """The address of the page in another language: what was asked for stays."""
    asked = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    return f"?{urlencode([*asked, ('lang', language)])}"


def redirect(request: Request, who: Visitor, where: str) -> Response:
    """A redirect after a form, so that reloading repeats nothing."""
    return with_cookies(request, who, RedirectResponse(where, 303))


def wants_fragment(request: Request) -> bool:
    """Whether a script on the page asks for a piece of it."""
    return request.headers.get("hx-request") == "true"


def with_cookies(request: Request, who: Visitor, response: Response) -> Response:
    """*response* with the cookies the visitor lacks."""
    secure = auth.app_for(request).config.secure_cookies
    if who.is_new:
        response.set_cookie(
            auth.SECRET, who.secret, max_age=auth.YEAR, httponly=True, samesite="lax", secure=secure
        )
    if request.query_params.get("lang") in (*LANGUAGES, *auth.TONGUES):
        with_language_cookie(request, who.tongue, response)
    return response


def with_language_cookie(request: Request, language: str, response: Response) -> Response:
    """*response* with the cookie of a language, or language and script, that has been chosen."""
    secure = auth.app_for(request).config.secure_cookies
    response.set_cookie(
        auth.LANGUAGE, language, max_age=auth.YEAR, httponly=True, samesite="lax", secure=secure
    )
    return response
