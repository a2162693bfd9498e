"""A server that is killed or stopped: what was acknowledged is there, and everybody goes on where they were."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed

from tests.live.arranging import Guest, a_room, a_venue
from tests.live.client import Window
from tests.live.lagging import not_reading, say_much
from tests.support.processes import ServerProcess


async def test_what_was_acknowledged_survives_a_kill_and_everybody_resumes(process: ServerProcess) -> None:
    venue = await a_venue(process)
    async with a_room(venue) as room, AsyncExitStack() as stack:
        first = await room.ask_openly("First?")
        waiting = await room.ada.ask("Asked at the last moment?")
        await room.chair.moderate(waiting, "approve")
        await room.bo.succeed("vote", question=first, on=True)
        await room.ada.succeed("vote", question=waiting, on=True)
        await process.kill()
        for window in (room.ada, room.bo, room.chair):
            await window.closed()
        await process.start()
        ada, bo, chair = [
            await stack.enter_async_context(room.guests[name].window(resuming=before))
            for name, before in (("ada", room.ada), ("bo", room.bo), ("chair", room.chair))
        ]
        for window in (ada, bo, chair):
            assert window.hello["snapshot"] is None
            await window.until(lambda window=window: window.votes == {first: 1, waiting: 1})  # type: ignore[misc]
            assert window.questions[waiting]["text"] == "Asked at the last moment?"
        assert (ada.voted, bo.voted) == ({waiting}, {first})
        after = await ada.ask("And after it?")
        await chair.moderate(after, "approve")
        for window in (ada, bo):
            await window.until(lambda window=window: window.questions.get(after, {}).get("state") == "open")  # type: ignore[misc]
        assert bo.seq == ada.seq


@dataclass
class Asker:
    """Somebody who asks without a pause, and keeps what was acknowledged, until the connection breaks."""

    guest: Guest
    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)

    async def ask_on(self, window: Window) -> None:
        """Asks until it breaks."""
        try:
            for n in range(10_000):
                ref = f"{self.guest.name}-{n}"
                self.sent[ref] = f"Question {ref}"
                await window.send("ask", ref=ref, text=self.sent[ref])
                answer = await window.answer_to(ref)
                self.acknowledged[ref] = str(answer["id"])
        except (ConnectionClosed, AssertionError):
            await window.closed()

    async def send_the_rest_again(self, window: Window) -> None:
        """Sends what was not acknowledged, under its old `ref`, and something that was."""
        for ref, text in self.sent.items():
            if ref not in self.acknowledged or ref.endswith("-0"):
                answer = await window.succeed("ask", ref=ref, text=text)
                assert self.acknowledged.setdefault(ref, str(answer["id"])) == answer["id"]


async def test_a_kill_in_the_middle_of_everything_loses_and_doubles_nothing(process: ServerProcess) -> None:
    venue = await a_venue(process)
    askers = [Asker(guest) for guest in await venue.guests([f"Guest{n}" for n in range(8)])]
    chair = await venue.guest("Chair", "moderator")
    async with AsyncExitStack() as stack:
        async with chair.window() as at_desk:
            windows = [await stack.enter_async_context(asker.guest.window()) for asker in askers]
            asking = asyncio.gather(*(asker.ask_on(window) for asker, window in zip(askers, windows, strict=True)))
            await at_desk.until(lambda: len(at_desk.questions) >= 60)
            await process.kill()
            await asking
            await at_desk.closed()
        await process.start()
        async with chair.window() as fresh:
            kept = {id: question["text"] for id, question in fresh.questions.items()}
        for asker in askers:
            for ref, id in asker.acknowledged.items():
                assert kept.get(id) == asker.sent[ref], "acknowledged and lost"
            async with asker.guest.window() as again:
                await asker.send_the_rest_again(again)
        async with chair.window() as fresh, chair.window(resuming=at_desk) as resumed:
            texts = sorted(question["text"] for question in fresh.questions.values())
            assert texts == sorted(text for asker in askers for text in asker.sent.values())
            await resumed.until(lambda: resumed.questions == fresh.questions)
            numbers = [event["seq"] for event in at_desk.events + resumed.events]
            if resumed.hello["snapshot"] is None:
                assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def test_a_stopping_server_says_so(process: ServerProcess) -> None:
    venue = await a_venue(process)
    async with a_room(venue) as room:
        question = await room.ask_openly()
        assert await process.terminate() == 0
        assert [await window.closed() for window in (room.ada, room.bo, room.chair)] == [1012] * 3
        await process.start()
        async with room.guests["bo"].window(resuming=room.bo) as back:
            assert back.hello["snapshot"] is None
            assert back.questions[question] == room.bo.questions[question]


async def test_one_who_has_said_goodbye_and_reads_nothing_keeps_nobody_from_hearing_that_the_server_stops(
    process: ServerProcess,
) -> None:
    async with a_room(await a_venue(process)) as room:
        question = await room.ask_openly()
        cy = await room.venue.guest("Cy")
        async with not_reading(cy) as leaving:
            await room.bo.until(lambda: room.bo.present == 4)
            await say_much(room, question)
            leaving.protocol.send_close(1000)
            leaving.transport.writelines(leaving.protocol.data_to_send())
            await room.bo.until(lambda: room.bo.present == 3)
            assert await process.terminate() == 0
        assert [await window.closed() for window in (room.ada, room.bo, room.chair)] == [1012] * 3
