"""Announcements that are taken back."""

from dataclasses import replace

from tests.live.arranging import a_room, a_venue
from tests.support.pages import words
from tests.support.servers import Server


async def test_an_announcement_that_is_taken_back_is_gone_for_everybody_and_is_not_told_again(
    any_house: Server,
) -> None:
    async with a_room(await a_venue(any_house)) as room:
        start = room.bo.seq
        wrong = str((await room.chair.succeed("announce", text="Lunch at 11"))["id"])
        right = str((await room.chair.succeed("announce", text="Lunch at 12"))["id"])
        await room.ada.fail("retract", "forbidden", announcement=wrong)
        await room.chair.succeed("retract", announcement=wrong)
        for window in (room.ada, room.bo, room.chair):
            await window.until(lambda window=window: list(window.announcements) == [right])  # type: ignore[misc]
        await room.chair.fail("retract", "not_found", announcement=wrong)
        async with room.guests["bo"].window(after=start) as back, room.guests["bo"].window() as fresh:
            await back.until(lambda: back.seq == room.bo.seq)
            assert back.announcements == fresh.announcements == room.bo.announcements
            assert "Lunch at 11" not in str(back.heard)
        page = words(await (await any_house.client(cookie=room.guests["bo"].cookie)).get(room.venue.page))
        assert "Lunch at 12" in page
        assert "Lunch at 11" not in page


async def test_what_was_said_in_all_rooms_is_taken_back_in_all_of_them_or_in_one(any_house: Server) -> None:
    venue = await a_venue(any_house)
    ada, chair = await venue.guest(), await venue.guest("Chair", "moderator")
    next_door = replace(ada, socket=ada.socket.replace(venue.code, "NEXT02"))
    async with chair.window() as desk, ada.window() as here, next_door.window() as there:
        kept, gone = [str((await desk.succeed("announce", text=text, everywhere=True))["id"]) for text in ("A", "B")]
        await there.until(lambda: len(there.announcements) == 2)
        await desk.succeed("retract", announcement=kept)
        await desk.succeed("retract", announcement=gone, everywhere=True)
        await here.until(lambda: not here.announcements)
        await there.until(lambda: [one["text"] for one in there.announcements.values()] == ["A"])
        async with replace(chair, socket=next_door.socket).window() as other_desk:
            await other_desk.fail("retract", "not_found", announcement=gone)
            await other_desk.fail("retract", "not_found", announcement=kept)
