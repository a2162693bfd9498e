"""Registrations by the thousand, put into a database without a request each."""

import random
from datetime import timedelta

from sqlalchemy import insert

from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.ids import new_id
from summit.people.models import Person
from summit.registration.models import Registration

_FIRST = (
    *("Åsa", "Bo", "Cecilia", "Dan", "Eva", "Filip", "Göran", "Hanna", "Ines", "Jón"),
    *("Karin", "Lars", "Märta", "Nils", "Örjan", "Petra", "Ronja", "Sven", "Tove", "Ulla"),
)
_LAST = (
    *("Ek", "Berg", "Lind", "Ström", "Ñuñez", "Öberg", "Åkesson", "Nyström", "Sjö", "Holm"),
    *("Dahl", "Fors", "Gran", "Hed", "Ljung", "Moberg", "Nord", "Palm", "Rask"),
)
_STATES = ("registered",) * 8 + ("waiting", "cancelled")
_DAYS = 60
_AT_ONCE = 10_000


async def register(url: str, summit_id: str, first: int, count: int) -> None:
    """Registers so many people, numbered from `first`, over the last sixty days; the same ones each time."""
    db, chance, now = Database(url), random.Random(first), system_clock()
    try:
        for start in range(first, first + count, _AT_ONCE):
            people, rows = [], []
            for number in range(start, min(start + _AT_ONCE, first + count)):
                name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
                email = f"{name.split()[0].lower()}.{number}@example.org"
                people.append({"id": new_id(), "name": name, "email": email, "made_at": now})
                made_at = now - timedelta(minutes=chance.randrange(_DAYS * 24 * 60))
                place = {"summit_id": summit_id, "state": chance.choice(_STATES), "category": "participant"}
                rows.append(
                    {"id": new_id(), "person_id": people[-1]["id"], "made_at": made_at, "changed_at": now, **place}
                )
            async with db.writer() as session:
                await session.execute(insert(Person), people)
                await session.execute(insert(Registration), rows)
    finally:
        await db.close()
