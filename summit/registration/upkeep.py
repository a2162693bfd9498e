"""What the office works with when no request gives rise to it: the summit as released, and where its site is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.i18n import DEFAULT, LANGUAGES, speaking
from summit.programme.models import Summit
from summit.programme.organising import head_of
from summit.programme.published import last_published
from summit.registration.models import RegistrationSetup
from summit.registration.office import Office
from summit.settings import Settings

log = structlog.get_logger()

MAIL_FROM: str = Settings.model_fields["mail_from"].default


@dataclass(frozen=True)
class House:
    """Database, clock, the operator's base address (empty where none is set) and sender of mail, of one process."""

    db: Database
    clock: Clock
    base_url: str = ""
    mail_from: str = MAIL_FROM
    _complained: set[str] = field(default_factory=set)

    async def office(self, db: AsyncSession, summit_id: str, base_url: str = "") -> Office | None:
        """The office of a summit; None where it is gone, or nobody knows the address that links would lead to.

        `base_url` is where the site was when somebody began what is now gone on with.
        """
        row = await db.get(Summit, summit_id)
        if row is None:
            return None
        known = select(RegistrationSetup.base_url).where(RegistrationSetup.summit_id == summit_id)
        base_url = base_url or self.base_url or await db.scalar(known) or ""
        if not base_url:
            self._complain(summit_id)
            return None
        released = await last_published(db, summit_id)
        return Office(row.id, row.slug, released.programme if released else head_of(row), base_url, self.clock())

    def _complain(self, summit_id: str) -> None:
        if summit_id not in self._complained:
            self._complained.add(summit_id)
            log.warning("SUMMIT_BASE_URL is not set: no mail but in answer to requests", summit=summit_id)


@contextmanager
def speaking_of(office: Office) -> Iterator[None]:
    """Within it, the summit's first language is spoken, to whoever has not said which they read."""
    with speaking(next((one for one in office.programme.languages if one in LANGUAGES), DEFAULT)):
        yield
