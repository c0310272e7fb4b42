"""A mail: written, and sent by the server of the configuration."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from bot.errors import BadInput
from bot.reminders.settings import Smtp
from bot.secrets import secret

SECONDS = 20.0
HOME = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,180}")


class Unsent(Exception):
    """The mail server does not take it now; it is to be tried again."""


class Rejected(Exception):
    """The mail server does not take it at all."""


def is_address(text: str) -> bool:
    """Whether that may be written behind "To:"."""
    return bool(_ADDRESS.fullmatch(text)) and "." in text.rpartition("@")[2]


def check(config: Smtp) -> None:
    """Raises BadInput where a password or people's tasks would go through the net unprotected."""
    if config.security == "none" and config.host not in HOME:
        raise BadInput(
            f"smtp: security none is for a mail server on this machine, and {config.host} is none."
            " Set smtp.security to starttls or tls"
        )


def send(config: Smtp, to: str, subject: str, text: str, off: str = "") -> None:
    """Send a mail in plain text. Raises Unsent, Rejected, BadInput.

    *off*: the address at which the receiver can end such mails.
    """
    check(config)
    message = EmailMessage()
    message["From"], message["To"] = config.sender, to
    message["Subject"] = " ".join(subject.split())
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="zhiwen.invalid")
    message["Auto-Submitted"] = "auto-generated"
    if off:
        message["List-Unsubscribe"] = f"<{off}>"
    message.set_content(text)
    try:
        _send(config, message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        raise Rejected(str(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unsent(f"{type(error).__name__} at {config.host}:{config.port}") from None


def _send(config: Smtp, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    made = (
        smtplib.SMTP_SSL(config.host, config.port, timeout=SECONDS, context=context)
        if config.security == "tls"
        else smtplib.SMTP(config.host, config.port, timeout=SECONDS)
    )
    with made as server:
        if config.security == "starttls":
            server.starttls(context=context)
        if config.user:
            server.login(config.user, secret("SMTP_PASSWORD", config.password_file))
        server.send_message(message)
