"""Questions and polls as files: whole, with nothing in them that moderators may not see or that a spreadsheet runs."""

import csv
import io
import re
import zipfile
from typing import Any

import httpx2
import pytest
from defusedxml import ElementTree

from summit.live.models import LiveRules
from tests.live.arranging import Room
from tests.live.client import window
from tests.live.polling import conduct, ids, make_poll
from tests.live.seeing import sees

NAMESPACE = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


async def browser_of(room: Room, who: str = "chair") -> httpx2.AsyncClient:
    """That person's browser."""
    return await room.venue.site.client(cookie=room.guests[who].cookie)


async def organiser(room: Room) -> httpx2.AsyncClient:
    """An organiser's browser."""
    return await room.venue.site.client(cookie=(await room.venue.guest("Olga", "organiser")).cookie)


async def exported(browser: httpx2.AsyncClient, address: str) -> httpx2.Response:
    """The file at that address."""
    answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer


def rows_of(answer: httpx2.Response) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def sheets_of(answer: httpx2.Response) -> list[list[list[str]]]:
    """The cells of each sheet of a workbook, which must hold no formula."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(item.itertext()) for item in shared.findall("s:si", NAMESPACE)]
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        sheets = [ElementTree.fromstring(book.read(name)) for name in names]
    assert not [sheet for sheet in sheets if sheet.findall(".//s:f", NAMESPACE)], "a formula"
    return [
        [[_text(cell, texts) for cell in row.findall("s:c", NAMESPACE)] for row in sheet.findall(".//s:row", NAMESPACE)]
        for sheet in sheets
    ]


def _text(cell: Any, texts: list[str]) -> str:
    value = cell.findtext("s:v", "", NAMESPACE)
    return texts[int(value)] if cell.get("t") == "s" else value


async def test_a_question_is_exported_with_all_that_was_done_with_it(room: Room) -> None:
    kept, other = await room.ask_openly("Who pays for the shop?"), await room.ask_openly("Who pays?")
    await room.bo.succeed("vote", question=kept)
    await room.chair.moderate(other, "merge", into=kept)
    await room.chair.moderate(kept, "edit", text="Who pays for the village shop?")
    await room.chair.moderate(kept, "label", labels=["money", "shops"])
    await room.chair.moderate(kept, "note", text="Thank you")
    await room.chair.moderate(kept, "reply", text="All of us.")
    await sees(room.chair, kept, reply="All of us.")
    first, second = rows_of(await exported(await browser_of(room), f"{room.venue.desk}/export.csv"))
    assert {name: first[name] for name in ("state", "author", "anonymous", "text", "original", "labels", "votes")} == {
        "state": "answered",
        "author": "Ada",
        "anonymous": "False",
        "text": "Who pays for the village shop?",
        "original": "Who pays for the shop?",
        "labels": "money, shops",
        "votes": "1",
    }
    assert (first["reply"], first["note"], first["session"]) == ("All of us.", "Thank you", room.venue.code)
    assert first["asked_at"] == room.venue.site.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (second["state"], second["merged_into"]) == ("merged", kept)


async def test_an_anonymous_asker_stays_so_unless_the_rules_say_otherwise(room: Room) -> None:
    await room.ada.ask("Who am I?", anonymous=True)
    browser, address = await browser_of(room), f"{room.venue.desk}/export"
    for form in ("csv", "json"):
        assert "Ada" not in (await exported(browser, f"{address}.{form}")).text
    questions, _polls = sheets_of(await exported(browser, f"{address}.xlsx"))
    assert "Ada" not in questions[1]
    async with room.venue.site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, names_to_moderators=True))
    await room.ada.ask("And who now?", anonymous=True)
    earlier, later = rows_of(await exported(browser, f"{address}.csv"))
    assert (earlier["author"], earlier["anonymous"]) == ("", "True"), "she was promised that nobody learns it"
    assert (later["author"], later["anonymous"]) == ("Ada", "True")


async def test_polls_and_words_with_their_counts(room: Room) -> None:
    poll, cloud = await make_poll(room), await make_poll(room, title="One word?", kind="words", most=2)
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bus"))
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bus"))
    await room.ada.succeed("ballot", poll=cloud, choices=["hope", "snow"])
    browser, address = await browser_of(room), f"{room.venue.desk}/export"
    rows = rows_of(await exported(browser, f"{address}.csv?table=polls"))
    # Words that came in one ballot are in no order.
    rows.sort(key=lambda row: (row["title"], row["label"] if row["kind"] == "words" else ""))
    assert [(row["title"], row["label"], row["count"], row["word_state"], row["voters"]) for row in rows] == [
        ("How did you come?", "Train", "0", "", "2"),
        ("How did you come?", "Bus", "2", "", "2"),
        ("How did you come?", "Bike", "0", "", "2"),
        ("One word?", "hope", "1", "waiting", "1"),
        ("One word?", "snow", "1", "waiting", "1"),
    ]
    (session,) = (await exported(browser, f"{address}.json")).json()["sessions"]
    assert [choice["count"] for choice in session["polls"][0]["choices"]] == [0, 2, 0]
    _questions, polls = sheets_of(await exported(browser, f"{address}.xlsx"))
    assert len(polls) == 1 + len(rows)
    await conduct(room, cloud, "close")
    assert rows_of(await exported(browser, f"{address}.csv?table=polls"))[-1]["state"] == "closed"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1+1", '=HYPERLINK("http://x.example","Click")'])
async def test_nothing_that_was_written_becomes_a_formula(room: Room, text: str) -> None:
    await room.ada.ask(text)
    browser, address = await browser_of(room), f"{room.venue.desk}/export"
    (row,) = rows_of(await exported(browser, f"{address}.csv"))
    assert row["text"] == f"'{text}"
    questions, _polls = sheets_of(await exported(browser, f"{address}.xlsx"))
    assert text in questions[1]
    (session,) = (await exported(browser, f"{address}.json")).json()["sessions"]
    assert session["questions"][0]["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        "hej;=1+1",
        "hej; +1+1;",
        'hej;"=1+1&";',
        "hej\n=1+1",
        "hej\t@SUM(A1)",
        "hej,-1",
        "hej|=1+1",
        "hej;＝1+1",
        ";;;=1+1",
        '";\n"=1+1',
    ],
)
@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
async def test_nor_where_the_spreadsheet_parts_the_cells_by_something_else(room: Room, text: str, between: str) -> None:
    await room.ada.ask(text)
    answer = await exported(await browser_of(room), f"{room.venue.desk}/export.csv")
    (row,) = rows_of(answer)
    assert row["text"].replace("'", "") == text.replace("'", "")
    whole = answer.content.decode("utf-8-sig")
    read = [cell for row in csv.reader(io.StringIO(whole, newline=""), delimiter=between) for cell in row]
    split = re.split(rf"[\r\n{between}]", whole)
    for cell in (*read, *split):
        assert not re.match(r"""[\s"]*[=+@＝-]""", cell), cell


async def test_a_whole_summit_is_for_its_organisers(room: Room) -> None:
    await room.ask_openly("In the first session?")
    other = room.venue.socket.replace(room.venue.code, "NEXT02")
    async with window(other, room.guests["ada"].cookie) as ada:
        await ada.ask("In the second one?")
    address = f"/{room.venue.slug}/organise/questions"
    rows = rows_of(await exported(await organiser(room), f"{address}.csv"))
    assert [(row["session"], row["text"]) for row in rows] == [
        ("LIVE01", "In the first session?"),
        ("NEXT02", "In the second one?"),
    ]
    for who in ("ada", "chair"):
        assert (await (await browser_of(room, who)).get(f"{address}.csv")).status_code == 403


async def test_the_file_of_a_session_is_for_its_moderators(room: Room) -> None:
    address = f"{room.venue.desk}/export"
    assert (await (await browser_of(room, "ada")).get(f"{address}.csv")).status_code == 403
    chair = await browser_of(room)
    for nothing in ("export.pdf", "export.csv?table=people"):
        assert (await chair.get(f"{room.venue.desk}/{nothing}")).status_code == 404
    for form in ("csv", "xlsx", "json"):
        await exported(chair, f"{address}.{form}")


async def test_a_ranking_is_exported_best_first(room: Room) -> None:
    poll = await make_poll(room, kind="ranking", choices=["Train", "Bus", "Bike", "Boat"])
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bike", "Boat"))
    found = (await exported(await browser_of(room), f"{room.venue.desk}/export.json")).json()["sessions"][0]["polls"][
        0
    ]["choices"]
    assert [(one["label"], one["count"]) for one in found] == [("Bike", 4), ("Boat", 3), ("Train", 0), ("Bus", 0)]
