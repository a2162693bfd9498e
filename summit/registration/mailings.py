"""Organisers' own mailings: drafted, tested, sent to a chosen audience, stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Changed, Closed, Invalid, NotFound
from summit.core.i18n import _, ngettext
from summit.core.mail.models import Mail
from summit.core.text import cleaned, one_line
from summit.core.texts import Texts
from summit.programme.editing.tracking import Editor, note, settle, track
from summit.programme.plain import converted, plain
from summit.registration.audience import Audience, reach_of
from summit.registration.mail_models import Mailing
from summit.registration.office import Office
from summit.registration.placeholders import unknown
from summit.registration.wording import COMMON

SUBJECT, BODY = 150, 20_000
"""Characters at most."""
_FAILED_SHOWN = 200


@dataclass(frozen=True)
class MailingEdit:
    """What a mailing says, by language, and whom it goes to."""

    subject: Texts
    body: Texts
    audience: Audience


@dataclass(frozen=True)
class Progress:
    """How far a mailing has come: of `total` so many mails are written, and these are now in each state."""

    total: int
    written: int
    waiting: int
    sent: int
    failed: int
    kept: int

    def is_going(self, state: str) -> bool:
        """Whether mail is still to be written, or to be sent."""
        return state == "sending" or (state == "sent" and self.waiting > 0)

    @property
    def missing(self) -> int:
        """How many there is no mail for: not yet, or no more."""
        return max(0, self.total - self.waiting - self.sent - self.failed - self.kept)


async def add_mailing(db: AsyncSession, summit_id: str, edit: MailingEdit, by: Editor) -> Mailing:
    """A new draft. Raises `Invalid` by field."""
    wanted = _checked(edit)
    row = Mailing(summit_id=summit_id, made_at=by.now, made_by=by.person_id, changed_at=by.now, changed_by=by.name)
    _write(row, wanted)
    db.add(row)
    await db.flush()
    note(db, summit_id, by, "mailing added", str(row.subject), after=wanted, row=row)
    return row


async def change_mailing(
    db: AsyncSession, summit_id: str, id: str, edit: MailingEdit, by: Editor, *, seen: int | None = None
) -> Mailing:
    """Changes a draft, which has to be tested again then. Raises `NotFound`, `Closed`, `Invalid` or `Overtaken`."""
    row = await _draft(db, summit_id, id)
    current = plain_mailing(row)
    wanted = await settle(db, row, current, _checked(edit), seen)
    if wanted:
        _write(row, current | wanted)
        row.tested_at = None
        before = {name: current[name] for name in wanted}
        track(db, summit_id, row, before, wanted, by, "mailing changed", str(row.subject))
    return row


async def remove_mailing(db: AsyncSession, summit_id: str, id: str, by: Editor) -> None:
    """Takes a draft away. Raises `NotFound`, or `Closed` once it was sent."""
    row = await _draft(db, summit_id, id)
    note(db, summit_id, by, "mailing removed", str(row.subject), before=plain_mailing(row), row=row)
    await db.delete(row)


async def start_mailing(db: AsyncSession, office: Office, id: str, by: Editor, *, seen: int, count: int) -> Mailing:
    """Has a draft sent to `count` people, as the organiser was told.

    Raises `NotFound`, `Closed` where it was sent already, was not tested or reaches nobody, and `Changed` where text or
    number are others than they saw.
    """
    row = await _draft(db, office.summit_id, id)
    if row.revision != seen:
        raise Changed(_("%(name)s has changed this since you opened it.") % {"name": row.changed_by})
    if row.tested_at is None:
        raise Closed(_("Send yourself a test first, and read it."))
    total = (await reach_of(db, office.summit_id, audience_of(row))).wanting
    if total != count:
        raise Changed(
            ngettext("It would go to %(num)s person now.", "It would go to %(num)s people now.", total) % {"num": total}
        )
    if not total:
        raise Closed(_("There is nobody to send it to."))
    row.state, row.total, row.written, row.reached = "sending", total, 0, ""
    row.base_url, row.started_at = office.base_url, by.now
    track(db, office.summit_id, row, {}, {"recipients": total}, by, "mailing sent", str(row.subject))
    return row


async def stop_mailing(db: AsyncSession, summit_id: str, id: str, by: Editor) -> Mailing:
    """Ends the sending: mail that waits is withdrawn, what the mail server has is gone. Once more changes nothing.

    Mail that is being handed over at this moment still goes.
    """
    row = await mailing_row(db, summit_id, id, lock=True)
    underway = (Mail.mailing_id == row.id, Mail.state == "waiting")
    if row.state != "sending" and await db.scalar(select(Mail.id).where(*underway).limit(1)) is None:
        return row
    if row.state == "draft":
        return row
    not_in_hand = or_(Mail.attempts == 0, Mail.last_error != "")
    await db.execute(delete(Mail).where(*underway, not_in_hand).execution_options(synchronize_session=False))
    row.state, row.ended_at = "stopped", by.now
    track(db, summit_id, row, {}, {}, by, "mailing stopped", str(row.subject))
    return row


async def mailing_row(db: AsyncSession, summit_id: str, id: str, *, lock: bool = False) -> Mailing:
    """The mailing with that id; raises `NotFound`. With `lock`, nobody else sends or changes it meanwhile."""
    wanted = select(Mailing).where(Mailing.id == id, Mailing.summit_id == summit_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found: Mailing | None = await db.scalar(wanted)
    if found is None:
        raise NotFound(_("There is no such mailing."))
    return found


async def mailings_of(db: AsyncSession, summit_id: str) -> list[tuple[Mailing, Progress]]:
    """All of a summit, the newest first, and how far each has come."""
    rows = await db.scalars(
        select(Mailing).where(Mailing.summit_id == summit_id).order_by(Mailing.made_at.desc(), Mailing.id.desc())
    )
    return [(row, await progress_of(db, row)) for row in rows]


async def progress_of(db: AsyncSession, row: Mailing) -> Progress:
    """How far it has come."""
    found = await db.execute(select(Mail.state, func.count()).where(Mail.mailing_id == row.id).group_by(Mail.state))
    states: dict[str, int] = dict(found.all())
    counts = (states.get(state, 0) for state in ("waiting", "sent", "failed", "kept"))
    return Progress(row.total, row.written, *counts)


async def failed_of(db: AsyncSession, row: Mailing) -> Sequence[Mail]:
    """Mail that could not be sent, by name; two hundred at most."""
    failed = select(Mail).where(Mail.mailing_id == row.id, Mail.state == "failed")
    return list(await db.scalars(failed.order_by(Mail.recipient_name, Mail.id).limit(_FAILED_SHOWN)))


def audience_of(row: Mailing) -> Audience:
    """Whom it goes to."""
    return converted(row.audience, Audience)


def languages_of(row: Mailing) -> list[str]:
    """The languages that it is written in."""
    return [lang for lang, subject in row.subject.items() if subject and row.body.get(lang)]


def plain_mailing(row: Mailing) -> dict[str, Any]:
    """What stands in it, as plain JSON under the names of `MailingEdit`."""
    return {"subject": dict(row.subject), "body": dict(row.body), "audience": dict(row.audience)}


def _write(row: Mailing, values: Mapping[str, Any]) -> None:
    row.subject, row.body = Texts(values["subject"]), Texts(values["body"])
    row.audience = dict(values["audience"])


async def _draft(db: AsyncSession, summit_id: str, id: str) -> Mailing:
    row = await mailing_row(db, summit_id, id, lock=True)
    if row.state != "draft":
        raise Closed(_("This mailing was sent already."))
    return row


def _checked(edit: MailingEdit) -> dict[str, Any]:
    errors: dict[str, str] = {}
    subject, body = _tidy(edit.subject, one_line), _tidy(edit.body, cleaned)
    for name, texts, most in (("subject", subject, SUBJECT), ("body", body, BODY)):
        if not texts:
            errors[name] = _("Enter a subject.") if name == "subject" else _("Write the text.")
        elif any(len(text) > most for text in texts.values()):
            errors[name] = _("Use at most %(most)d characters.") % {"most": most}
        elif strange := [one for text in texts.values() for one in unknown(text, COMMON)]:
            errors[name] = _("We do not know what to put in for %(names)s.") % {
                "names": ", ".join(f"{{{one}}}" for one in dict.fromkeys(strange))
            }
    if not errors and subject.keys() != body.keys():
        errors["body"] = _("Write subject and text in the same languages: who reads one of them gets both.")
    if not edit.audience.states:
        errors["states"] = _("Choose at least one.")
    if errors:
        raise Invalid(errors=errors)
    audience = {name: value for name, value in plain(edit.audience).items() if value}
    return {"subject": dict(subject), "body": dict(body), "audience": audience}


def _tidy(texts: Texts, tidy: Callable[[str], str]) -> Texts:
    return Texts.from_mapping({lang: tidy(text) for lang, text in texts.items()})
