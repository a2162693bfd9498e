"""Mail is written into the outbox in the transaction that decides on it, and sent after that."""

from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.mail.messages import Letter, checked
from summit.core.mail.models import Mail


def post(db: AsyncSession, letter: Letter, clock: Clock) -> Mail:
    """Puts the letter into the outbox. It goes out if, and only if, the caller's transaction is committed.

    Raises `BadAddress` where it could not arrive anywhere.
    """
    letter = checked(letter)
    now = clock()
    mail = Mail(
        recipient=letter.to,
        recipient_name=letter.name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=dict(letter.headers),
        made_at=now,
        due_at=now,
        secret_until=letter.secret_until,
        summit_id=letter.summit_id,
        kind=letter.kind,
        mailing_id=letter.mailing_id,
        thread=letter.thread,
        opens_thread=letter.opens_thread,
        attachments=[asdict(one) for one in letter.attachments],
    )
    db.add(mail)
    return mail
