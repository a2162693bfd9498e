"""The key that signs cookies: given by the operator, or made once and kept in the database."""

import secrets

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base, Database


class Secret(Base):
    """A secret of this installation, by name."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


async def signing_key(db: Database, given: str) -> str:
    """The operator's key; without one, the key of this database, so that people stay signed in over a restart."""
    if given:
        return given
    async with db.writer() as session:
        kept = await session.scalar(select(Secret.value).where(Secret.name == "signing").with_for_update())
        if kept is None:
            kept = secrets.token_urlsafe(48)
            session.add(Secret(name="signing", value=kept))
    return kept
