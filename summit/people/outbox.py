"""The local outbox page: mail that stayed here because no mail server is set."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.mail.models import Mail
from summit.people.models import Person
from summit.people.roles import Identity, is_to_newcomer, whose_mail

NEWEST = 100


@dataclass(frozen=True)
class KeptMail:
    """A mail as the page shows it."""

    to: str
    subject: str
    text: str
    made_at: datetime


async def kept_mail(db: AsyncSession, viewer: Identity, summit_id: str) -> list[KeptMail]:
    """The newest kept mails that the viewer may read, as an organiser of that summit."""
    found = await db.scalars(
        select(Mail)
        .outerjoin(Person, Person.email == Mail.recipient)
        .where(
            Mail.state == "kept",
            or_(
                and_(whose_mail(viewer), Mail.summit_id.in_((summit_id, ""))),
                and_(Mail.summit_id == summit_id, is_to_newcomer(viewer)),
            ),
        )
        .order_by(Mail.made_at.desc(), Mail.id.desc())
        .limit(NEWEST)
    )
    return [KeptMail(mail.recipient, mail.subject, mail.text, mail.made_at) for mail in found]
