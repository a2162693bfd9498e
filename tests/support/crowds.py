"""Many people at once who are registered, put into the database without a request each."""

from typing import Any

from sqlalchemy import insert, update

from summit.core.ids import new_id, new_token
from summit.people.models import Grant, Person
from summit.registration.models import Preferences, Registration
from summit.registration.upkeep import House
from tests.support.servers import Site


def house_of(site: Site) -> House:
    """What the office's own work stands on, over the test's own way into the database."""
    return House(site.db, site.clock, site.url)


async def a_crowd(site: Site, summit_id: str, *names: str, state: str = "registered", **fields: Any) -> list[str]:
    """Registers people with these names; gives their ids. `fields` are of `Registration`."""
    now = site.clock()
    ids = [new_id() for _name in names]
    people = [
        {"id": id, "name": name, "email": f"{name.lower()}@example.org", "made_at": now}
        for id, name in zip(ids, names, strict=True)
    ]
    common = {"summit_id": summit_id, "state": state, "category": "participant", "made_at": now, "changed_at": now}
    async with site.db.writer() as db:
        await db.execute(insert(Person), people)
        rows = [{"id": new_id(), "person_id": id, **common, **fields} for id in ids]
        await db.execute(insert(Registration), rows)
        tokens = [{"person_id": id, "summit_id": summit_id, "token": new_token()} for id in ids]
        await db.execute(insert(Preferences), tokens)
        if state == "registered":
            roles = [{"person_id": id, "summit_id": summit_id, "role": "participant", "made_at": now} for id in ids]
            await db.execute(insert(Grant), roles)
    return ids


async def prefers(site: Site, person_id: str, **wishes: bool) -> None:
    """Sets which mail somebody wants: ``mailings=False``."""
    async with site.db.writer() as db:
        await db.execute(update(Preferences).where(Preferences.person_id == person_id).values(**wishes))
