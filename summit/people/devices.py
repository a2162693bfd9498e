"""The browsers that somebody is signed in with."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.i18n import _
from summit.people.models import Device

# Each says that it is the ones after it, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class SignedIn:
    """A browser as its owner knows it again; `is_this` for the one that asks."""

    id: str
    name: str
    since: datetime
    is_this: bool


async def devices_of(db: AsyncSession, person_id: str, this: str) -> list[SignedIn]:
    """Those that are signed in, the newest first."""
    found = await db.scalars(
        select(Device)
        .where(Device.person_id == person_id, Device.revoked_at.is_(None))
        .order_by(Device.made_at.desc(), Device.id.desc())
    )
    return [SignedIn(one.id, device_name(one.label), one.made_at, one.id == this) for one in found]


async def sign_out_devices(db: AsyncSession, person_id: str, clock: Clock, device_id: str = "") -> None:
    """Signs out everywhere, or on that one device alone; it holds at once, also for copied cookies."""
    wanted = [Device.person_id == person_id, Device.revoked_at.is_(None)]
    if device_id:
        wanted.append(Device.id == device_id)
    await db.execute(
        update(Device).where(*wanted).values(revoked_at=clock()).execution_options(synchronize_session=False)
    )


def device_name(user_agent: str) -> str:
    """``Firefox on Windows``, from what a browser says of itself (RFC 9110 §10.1.5)."""
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}", user_agent)), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say what it is")
