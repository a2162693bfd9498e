"""What somebody may do: in all of a summit, or in chosen sessions of it; asked of the database once."""

import pytest
from sqlalchemy import event

from summit.core.db import Database
from summit.core.errors import NotAllowed, NotSignedIn
from summit.people.models import Device, Person, Role
from summit.people.roles import Identity, forget_session, grant, identify, identify_all, identity_of, revoke
from tests.support.clocks import SettableClock

ONE, TWO, OTHER = "summit-one", "summit-two", "session-b"
CLOCK = SettableClock()


async def somebody(database: Database, *held: tuple[Role, str, str], admin: bool = False) -> tuple[str, str]:
    """A person with these roles (role, summit, session) and their device."""
    async with database.writer() as db:
        person = Person(name="Moa", is_admin=admin, made_at=CLOCK())
        db.add(person)
        await db.flush()
        device = Device(person_id=person.id, made_at=CLOCK())
        db.add(device)
        for role, summit_id, session_id in held:
            assert await grant(db, person, role, summit_id, CLOCK, session_id)
        await db.flush()
        return person.id, device.id


async def known(database: Database, device_id: str) -> Identity:
    return await identify(database, device_id)


async def test_a_moderator_of_chosen_sessions_moderates_those_and_takes_part_in_the_rest(database: Database) -> None:
    person_id, device_id = await somebody(database, ("moderator", ONE, "a"), ("moderator", ONE, "b"))
    async with database.reader() as db:
        found = [await identify(database, device_id), await identity_of(db, person_id)]
        found += (await identify_all(db, [device_id])).values()
    assert len(found) == 3
    for who in found:
        assert who.may("participant", ONE)
        assert who.may("moderator", ONE, "a")
        assert who.may("moderator", ONE, "b")
        assert not who.may("moderator", ONE, "c")
        assert not who.may("moderator", ONE)
        assert not who.may("organiser", ONE, "a")
        assert who.moderates_any(ONE)
        assert not who.may("participant", TWO)
        assert not who.may("moderator", TWO, "a")
        assert not who.moderates_any(TWO)
        assert who.demand_any(ONE).id == who.demand("moderator", ONE, "b").id == person_id
        with pytest.raises(NotAllowed):
            who.demand("moderator", ONE)
        with pytest.raises(NotAllowed):
            who.demand_any(TWO)


@pytest.mark.parametrize("held", ["moderator", "organiser", "admin"])
async def test_who_has_a_role_in_all_of_a_summit_has_it_in_each_session(database: Database, held: str) -> None:
    roles: list[tuple[Role, str, str]] = [("participant", ONE, ""), ("moderator", ONE, "a")]
    if held != "admin":
        roles.append(("organiser" if held == "organiser" else "moderator", ONE, ""))
    _person_id, device_id = await somebody(database, *roles, admin=held == "admin")
    who = await known(database, device_id)
    for session_id in ("", "a", "b"):
        assert who.may("moderator", ONE, session_id)
        assert who.may("organiser", ONE, session_id) is (held != "moderator")


async def test_nobody_and_participants_moderate_nothing(database: Database) -> None:
    nobody = Identity()
    assert not nobody.may("participant", ONE)
    assert not nobody.moderates_any(ONE)
    with pytest.raises(NotSignedIn):
        nobody.demand_any(ONE)
    _person_id, device_id = await somebody(database, ("participant", ONE, ""))
    who = await known(database, device_id)
    assert not who.moderates_any(ONE)
    assert not who.may("moderator", ONE, "")


async def test_roles_are_given_once_and_taken_with_all_their_sessions(database: Database) -> None:
    person_id, device_id = await somebody(
        database, ("participant", ONE, ""), ("moderator", ONE, ""), ("moderator", ONE, "a"), ("moderator", TWO, "b")
    )
    async with database.writer() as db:
        person = await db.get_one(Person, person_id)
        assert not await grant(db, person, "moderator", ONE, CLOCK)
        assert not await grant(db, person, "moderator", ONE, CLOCK, "a")
        assert await revoke(db, person_id, "moderator", ONE) == ["", "a"]
        assert await revoke(db, person_id, "moderator", ONE) == []
    who = await known(database, device_id)
    assert who.may("participant", ONE)
    assert not who.moderates_any(ONE)
    assert who.may("moderator", TWO, "b"), "another summit's roles stay"
    async with database.writer() as db:
        await forget_session(db, "b")
    assert not (await known(database, device_id)).may("participant", TWO)


async def test_all_of_it_is_one_question_to_the_database(database: Database) -> None:
    person_id, _device_id = await somebody(database, *[("moderator", ONE, str(n)) for n in range(5)])
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
    async with database.reader() as db:
        await identity_of(db, person_id)
    event.remove(database.engine.sync_engine, "before_cursor_execute", listen)
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 1
