"""The summit's own wording of mail: changed, and taken back to the usual one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import LANGUAGES, _, speaking
from summit.core.text import cleaned, one_line
from summit.core.texts import Texts
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.registration.mail_models import MailTemplate
from summit.registration.placeholders import unknown
from summit.registration.wording import COMMON, KINDS, usual

SUBJECT, BODY = 150, 5000
"""Characters at most."""
NEEDED: Mapping[str, str] = {"confirm": "link", "known": "link", "offered": "my_page"}
"""Without these placeholders a mail of that kind is of no use."""


def known_in(kind: str) -> Sequence[str]:
    """The placeholders of a kind; raises `NotFound` where there is no such kind."""
    if kind not in KINDS:
        raise NotFound
    return (*COMMON, *KINDS[kind])


def usual_texts(kind: str) -> tuple[Texts, Texts]:
    """The usual subject and body, in all of our languages."""
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with speaking(language):
            subjects[language], bodies[language] = usual(kind)
    return Texts(subjects), Texts(bodies)


async def template_row(db: AsyncSession, summit_id: str, kind: str) -> MailTemplate | None:
    """The summit's own wording; None where it has the usual one."""
    found: MailTemplate | None = await db.scalar(
        select(MailTemplate).where(MailTemplate.summit_id == summit_id, MailTemplate.kind == kind)
    )
    return found


async def own_kinds(db: AsyncSession, summit_id: str) -> set[str]:
    """The kinds for which the summit has a wording of its own."""
    return set(await db.scalars(select(MailTemplate.kind).where(MailTemplate.summit_id == summit_id)))


async def change_template(
    db: AsyncSession, summit_id: str, kind: str, subject: Texts, body: Texts, by: Editor, *, seen: int | None
) -> None:
    """Gives a kind of mail the summit's own words. Raises `Invalid` for ``subject`` or ``body``, and `Overtaken`.

    A language that is left empty keeps the usual words.
    """
    await lock(db, summit_id)
    wanted: dict[str, Any] = _checked(kind, subject, body)
    row = await template_row(db, summit_id, kind)
    if row is None:
        row = MailTemplate(summit_id=summit_id, kind=kind, changed_at=by.now, changed_by=by.name)
        row.subject, row.body = Texts(wanted["subject"]), Texts(wanted["body"])
        db.add(row)
        await db.flush()
        note(db, summit_id, by, "wording changed", kind, after=wanted, row=row)
        return
    current = {"subject": dict(row.subject), "body": dict(row.body)}
    changed = await settle(db, row, current, wanted, seen)
    if changed:
        row.subject, row.body = (Texts(changed.get(name, current[name])) for name in ("subject", "body"))
        before = {name: current[name] for name in changed}
        track(db, summit_id, row, before, changed, by, "wording changed", kind)


async def reset_template(db: AsyncSession, summit_id: str, kind: str, by: Editor) -> None:
    """Back to the usual words."""
    await lock(db, summit_id)
    row = await template_row(db, summit_id, kind)
    if row is not None:
        before = {"subject": dict(row.subject), "body": dict(row.body)}
        note(db, summit_id, by, "wording reset", kind, before=before, row=row)
        await db.delete(row)


def _checked(kind: str, subject: Texts, body: Texts) -> dict[str, dict[str, str]]:
    subjects = {language: one_line(text) for language, text in subject.items() if text.strip()}
    bodies = {language: cleaned(text) for language, text in body.items() if text.strip()}
    errors = {}
    for name, texts, most in (("subject", subjects, SUBJECT), ("body", bodies, BODY)):
        if wrong := _wrong(kind, texts, most, needs=name == "body"):
            errors[name] = wrong
    if errors:
        raise Invalid(errors=errors)
    return {"subject": subjects, "body": bodies}


def _wrong(kind: str, texts: Mapping[str, str], most: int, *, needs: bool) -> str:
    needed = NEEDED.get(kind) if needs else None
    for text in texts.values():
        if len(text) > most:
            return _("Use at most %(most)d characters.") % {"most": most}
        if strange := unknown(text, known_in(kind)):
            names = ", ".join(f"{{{name}}}" for name in strange)
            return _("We do not know %(names)s here. Use the placeholders that are listed.") % {"names": names}
        if needed and f"{{{needed}}}" not in text:
            return _("The mail needs %(name)s: without it its reader cannot go on.") % {"name": f"{{{needed}}}"}
    return ""
