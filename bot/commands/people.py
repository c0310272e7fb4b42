"""user: the people who may use the server, their roles, passwords, tokens and data."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import OK, Add, Command, store_of
from bot.config import Config
from bot.errors import BadInput

if TYPE_CHECKING:
    pass

MISSING = "there is no {}; see zhiwen user list"
MAX_DAYS = 365
MAX_HOURS = 7 * 24
BY = "zhiwen user"
"""Who did it, in the audit table."""


def add(command: Add) -> None:
    """Declare the commands."""
    parser = command("user", lambda *_: OK, "add people, and set roles, passwords and tokens")
    actions = parser.add_subparsers(required=True, metavar="action")

    def action(name: str, run: Command, text: str, who: bool = True) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        if who:
            made.add_argument("name", metavar="NAME")
        return made

    adding = action("add", add_person, "add a person; the password is asked for")
    adding.add_argument("--roles", default="staff", help="e.g. hr,manager (default: staff)")
    adding.add_argument("--no-password", action="store_true", help="for sign-in behind a proxy")
    action("list", list_people, "list everyone", who=False)
    roles = action("roles", set_roles, "set a person's roles; they sign in anew")
    roles.add_argument("roles", metavar="ROLES", help="e.g. staff,editor")
    password = action("password", set_password, "set a person's password; they sign in anew")
    for one in (adding, password):
        one.add_argument("--password-stdin", action="store_true", help="read it from the input")
    disable = action("disable", set_disabled, "keep a person out; all tokens end")
    disable.add_argument("--undo", action="store_true", help="let them in again")
    token = action("token", make_token, "make a token for a program; it is shown once")
    token.add_argument("--days", type=int, default=14, help="good for so long (default: 14)")
    link = action("link", make_code, "make a code that links a chat account to a person")
    link.add_argument("--hours", type=int, default=24, help="good for so long (default: 24)")
    erase = action("erase", erase_person, "forget a person and what is theirs")
    erase.add_argument("--yes", action="store_true", help="really; it cannot be undone")
    export = action("export", export_person, "write everything that is kept about a person")
    export.add_argument("--out", metavar="PATH", help="a file (default: standard output)")


def add_person(options: argparse.Namespace, config: Config) -> int:
    """Add a person."""
    from bot.store import Conflict

    if options.no_password and options.password_stdin:
        raise BadInput("--no-password and --password-stdin do not go together")
    hashed = None if options.no_password else _password(options)
    with store_of(config, MISSING) as store:
        try:
            store.people.add(options.name, _roles(options.roles), hashed)
        except Conflict:
            raise BadInput(f"there is a {options.name} already") from None
        store.audit.note(BY, "user_add", options.name, options.roles)
    return OK


def list_people(_: argparse.Namespace, config: Config) -> int:
    """List everyone: name, roles, and whether they are kept out."""
    with store_of(config, MISSING) as store:
        for person in store.people.all():
            off = "\tdisabled" if person.disabled else ""
            print(f"{person.name}\t{','.join(person.roles)}{off}")
    return OK


def set_roles(options: argparse.Namespace, config: Config) -> int:
    """Set a person's roles."""
    with store_of(config, MISSING) as store:
        store.people.change(options.name, roles=_roles(options.roles))
        store.audit.note(BY, "user_roles", options.name, options.roles)
    return OK


def set_password(options: argparse.Namespace, config: Config) -> int:
    """Set a person's password."""
    with store_of(config, MISSING) as store:
        store.people.by_name(options.name)
        store.people.change(options.name, password=_password(options))
        store.audit.note(BY, "user_password", options.name)
    return OK


def set_disabled(options: argparse.Namespace, config: Config) -> int:
    """Keep a person out, or let them in again."""
    with store_of(config, MISSING) as store:
        store.people.change(options.name, disabled=not options.undo)
        store.audit.note(BY, "user_enable" if options.undo else "user_disable", options.name)
    return OK


def make_token(options: argparse.Namespace, config: Config) -> int:
    """Print a token by which a program is known as that person."""
    if not 1 <= options.days <= MAX_DAYS:
        raise BadInput(f"--days takes 1 to {MAX_DAYS}")
    with store_of(config, MISSING) as store:
        person = store.people.by_name(options.name)
        if person.disabled:
            raise BadInput(f"{options.name} is disabled; see zhiwen user disable --undo")
        token = store.people.open_session(person.id, options.days * 24 * 3600, BY)
        store.audit.note(BY, "user_token", options.name, f"{options.days} days")
    print(token)
    return OK


def make_code(options: argparse.Namespace, config: Config) -> int:
    """Print a code; whoever sends it first on a chat platform is known as that person."""
    from bot.chat.identity import new_code

    if not 1 <= options.hours <= MAX_HOURS:
        raise BadInput(f"--hours takes 1 to {MAX_HOURS}")
    with store_of(config, MISSING) as store:
        person = store.people.by_name(options.name)
        if person.disabled:
            raise BadInput(f"{options.name} is disabled; see zhiwen user disable --undo")
        code = new_code(store, person, options.hours * 3600.0)
        store.audit.note(BY, "user_link", options.name, f"{options.hours} hours")
    print(code)
    return OK


def erase_person(options: argparse.Namespace, config: Config) -> int:
    """Forget a person: chats, sign-ins and tokens; in shared runs only the name."""
    with store_of(config, MISSING) as store:
        person = store.people.by_name(options.name)
        if not options.yes:
            raise BadInput(f"this forgets {options.name} for good; add --yes if that is meant")
        store.personal.erase(person.id, person.name)
        store.audit.note(BY, "user_erase")
    return OK


def export_person(options: argparse.Namespace, config: Config) -> int:
    """Write everything that is kept about a person as JSON."""
    with store_of(config, MISSING) as store:
        person = store.people.by_name(options.name)
        data = store.personal.export(person.id, person.name)
        store.audit.note(BY, "user_export", options.name)
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if options.out:
        file = os.open(options.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
        print(f"wrote {Path(options.out)}", file=sys.stderr)
    else:
        print(text, end="")
    return OK


def _roles(text: str) -> tuple[str, ...]:
    """The roles of a list with commas. Raises BadInput for one that does not exist."""
    from bot.store.people import ROLES

    wanted = {role.strip() for role in text.split(",") if role.strip()}
    if not wanted or wanted - set(ROLES):
        unknown = ", ".join(sorted(wanted - set(ROLES))) or "none given"
        raise BadInput(f"{unknown}: roles are {', '.join(ROLES)}")
    return tuple(role for role in ROLES if role in wanted)


def _password(options: argparse.Namespace) -> str:
    """The hash of a password, asked for twice or read from the input."""
    import getpass

    from bot.web.passwords import hash_password

    if options.password_stdin:
        return hash_password(sys.stdin.readline().rstrip("\r\n"))
    if not sys.stdin.isatty():
        raise BadInput("no terminal to ask for the password; use --password-stdin")
    first = getpass.getpass("password: ")
    if getpass.getpass("once more: ") != first:
        raise BadInput("the two are not the same")
    return hash_password(first)
