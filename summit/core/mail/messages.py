"""A letter as plain values, and the Internet message it becomes (RFC 5322, MIME)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Any

from jinja2 import Environment

from summit.core.i18n import locale
from summit.core.mail.addresses import normalised
from summit.core.text import one_line

SUBJECT_LENGTH = 200
_NAME_LENGTH = 80
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_OURS = {"from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version", "auto-submitted"}
# Folding may lose the quotes around these, and a comma would then begin a second address.
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]+')
_LONGEST_LINE = 998
_READ_BY_PROGRAMS = ("in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post")


class _Verbatim(UnstructuredHeader):
    """A header that programs read, on one line however long it is.

    Python would write a long address as encoded words, which are not allowed there (RFC 2047 §5).
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        """The header as it goes out."""
        line = f"{self.name}: {self}"
        if line.isascii() and len(line) <= _LONGEST_LINE:
            return line + policy.linesep
        folded: str = super().fold(policy=policy)  # type: ignore[misc]
        return folded


_registry = HeaderRegistry()
for _name in _READ_BY_PROGRAMS:
    _registry.map_to_type(_name, _Verbatim)  # type: ignore[arg-type]
_POLICY = SMTP.clone(header_factory=_registry)


@dataclass(frozen=True)
class Attachment:
    """A file that comes along: its name, its media type with parameters, and what is in it, as text.

    Of an `invitation` the same stands beside the body, too: some mail programs look there alone, and others only at
    files (RFC 6047 §2.4).
    """

    name: str
    content_type: str
    text: str
    invitation: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail to be written, to one recipient. Both bodies say the same.

    `secret_until` is set where the body lets its reader in; until then it is worth sending, later it is not. The rest
    is explained at `models.Mail`.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_until: datetime | None = None
    summit_id: str = ""
    kind: str = ""
    mailing_id: str | None = None
    thread: str = ""
    opens_thread: bool = False
    attachments: Sequence[Attachment] = ()


def bodies(templates: Environment, template: str, **context: Any) -> tuple[str, str]:
    """The plain and the HTML body, from ``mail/{template}.txt`` and ``.html``, in the language spoken right now.

    HTML templates extend ``mail/layout.html`` and need a `subject`.
    """
    known = {"locale": locale()} | context
    plain, html = (templates.get_template(f"mail/{template}.{kind}").render(known) for kind in ("txt", "html"))
    return plain.strip() + "\n", html


def checked(letter: Letter) -> Letter:
    """The letter with nothing in its headers that could end one; raises `BadAddress` or `ValueError`."""
    headers = {name: _header_text(value) for name, value in letter.headers.items()}
    for name in headers:
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS or name.lower().startswith("content-"):
            raise ValueError(f"the header {name!r} is not a letter's to set")
    return replace(
        letter,
        to=normalised(letter.to),
        subject=_header_text(letter.subject)[:SUBJECT_LENGTH],
        text=letter.text.replace("\0", ""),
        html=letter.html.replace("\0", ""),
        name=_header_text(_SPECIALS.sub(" ", letter.name))[:_NAME_LENGTH].strip(),
        headers=headers,
        thread=_header_text(letter.thread),
    )


def _header_text(text: str) -> str:
    """On one line, and not to be taken for an encoded word (RFC 2047).

    Python's email package decodes what looks like one, and a line break inside would then begin a new header.
    """
    return one_line(text).replace("=?", "= ?")


def message(letter: Letter, sender: str, message_id: str, made_at: datetime, *, reply_to: str = "") -> EmailMessage:
    """The message, ready for SMTP: UTF-8 in quoted-printable, marked as sent by a program (RFC 3834 §5).

    `reply_to` is where answers go, where not to the sender.
    """
    letter = checked(letter)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender_of(sender)
    if reply_to:
        mail["Reply-To"] = sender_of(reply_to)
    mail["To"] = Address(letter.name, addr_spec=letter.to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(made_at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in {**_in_thread(letter, message_id), **letter.headers}.items():
        mail[name] = value
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for one in letter.attachments:
        if one.invitation:
            _say_inline(mail, one)
    for one in letter.attachments:
        _attach(mail, one)
    return mail


def thread_id(thread: str, domain: str) -> str:
    """The Message-ID of the mail that opens a conversation."""
    return f"<thread.{thread}@{domain}>"


def _in_thread(letter: Letter, message_id: str) -> dict[str, str]:
    """What makes mail programs show it below the one that opened the conversation (RFC 5322 §3.6.4)."""
    if not letter.thread or letter.opens_thread:
        return {}
    opened_by = thread_id(letter.thread, message_id.rpartition("@")[2].rstrip(">"))
    return {"In-Reply-To": opened_by, "References": opened_by}


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    """Adds a file; lines of a calendar stay as they are, since some readers count their octets (RFC 5545 §3.1)."""
    (main, sub), params = _media_type(attachment)
    data = attachment.text.encode()
    if attachment.invitation:
        # With its own type there, mail programs that have found the other one would take it in twice.
        main, sub, params = "application", "ics", {}
    mail.add_attachment(data, main, sub, cte="base64", filename=_header_text(attachment.name), params=params)


def _say_inline(mail: EmailMessage, invitation: Attachment) -> None:
    (main, sub), params = _media_type(invitation)
    mail.add_alternative(invitation.text.encode(), main, sub, cte="base64", params=params)


def _media_type(attachment: Attachment) -> tuple[tuple[str, str], dict[str, str]]:
    """The type, and its parameters."""
    kind, _semicolon, parameters = attachment.content_type.partition(";")
    main, _slash, sub = kind.strip().partition("/")
    named = (one.partition("=") for one in parameters.split(";") if "=" in one)
    return (main, sub), {name.strip(): value.strip() for name, _equals, value in named}


def sender_of(setting: str) -> Address:
    """The sender's name and address from a setting such as ``Summit <summit@example.org>``."""
    name, address = parseaddr(one_line(setting))
    local, at, domain = address.rpartition("@")
    if not (local and at and domain):
        raise ValueError(f"SUMMIT_MAIL_FROM is no address: {setting!r}")
    return Address(_SPECIALS.sub(" ", name).strip(), local, domain.encode("idna").decode("ascii"))
