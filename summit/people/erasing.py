"""What goes of somebody from every table that refers to them, and the account itself."""

from sqlalchemy import and_, delete, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Base
from summit.core.mail.models import Mail
from summit.people.leaving import STRUCK, Leaving, ties
from summit.people.models import AuditEntry, Grant, Invitation, Person
from summit.people.striking import Marks

_ACTS = ("audit_entry", "desk_message", "question_change")
_SANCTIONS = ("mute", "unmute", "remove", "restore")


async def erase_acts(db: AsyncSession, gone: Leaving) -> None:
    """Strikes somebody out of the audit log: as who did something, and as whom it was done to."""
    if gone.keeps_acts:
        return
    marks = Marks(gone.names, [gone.address])
    named = [AuditEntry.subject.startswith(f"{name} (", autoescape=True) for name in gone.names]
    about = or_(AuditEntry.subject_id == gone.person_id, and_(AuditEntry.action.in_(_SANCTIONS), or_(false(), *named)))
    for entry in await db.scalars(select(AuditEntry).where(about, gone.here(AuditEntry))):
        entry.subject, entry.reason = marks.struck(entry.subject), marks.struck(entry.reason)
        entry.before, entry.after = marks.struck(entry.before), marks.struck(entry.after)
    await _unsign(db, gone)
    await db.flush()


async def _unsign(db: AsyncSession, gone: Leaving) -> None:
    """Takes their name off what they were the last to change: the audit log knows which that is."""
    theirs = AuditEntry.person_id == gone.person_id
    for table in Base.metadata.sorted_tables:
        if not {"id", "revision", "changed_by"} <= set(table.c.keys()):
            continue
        scope = gone.scope(table)
        changed = select(AuditEntry.id).where(
            theirs, AuditEntry.subject_id == table.c.id, AuditEntry.revision == table.c.revision
        )
        if scope is not None:
            await db.execute(update(table).where(scope, changed.exists()).values(changed_by=STRUCK))
    await _unsign_by_name(db, gone)


async def _unsign_by_name(db: AsyncSession, gone: Leaving) -> None:
    """The same where nothing but the name says who it was, as long as it is nobody else's."""
    namesakes = await db.scalars(select(Person.name).where(Person.name.in_(gone.names), Person.id != gone.person_id))
    names = gone.names - set(namesakes)
    for table in Base.metadata.sorted_tables:
        scope = gone.scope(table)
        for name in ("changed_by", "by_name"):
            if name in table.c and scope is not None:
                signed = update(table).where(scope, table.c[name].in_(names)).values({name: STRUCK})
                await db.execute(signed)


async def erase_mail(db: AsyncSession, gone: Leaving) -> None:
    """Deletes mail to them, sent or not, and invitations."""
    if not gone.address:
        return
    await db.execute(delete(Mail).where(Mail.recipient == gone.address, gone.here(Mail)))
    if not gone.keeps_acts:
        await db.execute(delete(Invitation).where(Invitation.email == gone.address, gone.here(Invitation)))


async def let_go(db: AsyncSession, gone: Leaving) -> None:
    """Cuts every tie to them: rows that are nothing without them go, others stay with nobody's name."""
    for table in reversed(Base.metadata.sorted_tables):
        scope = gone.scope(table)
        if scope is None:
            continue
        for column, named in ties(table):
            if gone.keeps_acts and (table.name in _ACTS or column.name in ("made_by", "lead_id")):
                continue
            theirs = and_(column == gone.person_id, scope)
            if column.nullable:
                nobody = {column: None} | ({named: STRUCK} if named is not None else {})
                await db.execute(update(table).where(theirs).values(nobody))
            elif table.name == Grant.__tablename__ and gone.summit_id:
                await db.execute(delete(table).where(theirs, Grant.role == "participant"))
            else:
                await db.execute(delete(table).where(theirs))


async def erase_account(db: AsyncSession, gone: Leaving) -> None:
    """Deletes the account, where they leave everything."""
    if not gone.summit_id:
        await db.execute(delete(Person).where(Person.id == gone.person_id))
