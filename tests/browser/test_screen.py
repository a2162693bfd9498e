"""The wall in a browser: it follows the desk, lies over a stream, and keeps what it shows when the line is lost."""

import base64
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from summit.live import door
from tests.browser.test_pages import problems
from tests.live.arranging import Room
from tests.live.polling import conduct, ids, make_poll
from tests.support.browser import NewContext, Troubles

LINK = re.compile(r"/[\w-]+/answers/[\w-]+")
# Of the pixels in a row of a picture: how opaque each is, from 0 to 255.
OPACITY = """async ([picture, y]) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  return [...canvas.getImageData(0, y, bitmap.width, 1).data].filter((_value, at) => at % 4 === 3);
}"""


async def wall_of(room: Room, new_context: NewContext, query: str = "", **options: Any) -> Page:
    """The wall on a computer where nobody is signed in."""
    browser = await room.venue.site.client(cookie=room.guests["chair"].cookie)
    await browser.post(f"{room.venue.desk}/screen-key")
    addresses = await browser.get(f"{room.venue.desk}/screen-key")
    key = re.search(r"\?key=([\w-]+)", addresses.text)
    assert key
    page = await (await new_context(**options)).new_page()
    await page.goto(f"{room.venue.site.url}/{room.venue.slug}/sessions/{room.venue.code}/screen?key={key[1]}{query}")
    return page


def shown(page: Page, pane: str) -> Any:
    """That pane, where it is the one that is shown."""
    return page.locator(f"[data-pane={pane}]:visible")


async def test_the_wall_follows_the_desk(room: Room, new_context: NewContext) -> None:
    wall = await wall_of(room, new_context)
    await expect(shown(wall, "ask")).to_contain_text("Ask your question")
    question = await room.ask_openly("Who pays for the village shop?")
    await room.chair.moderate(question, "answer")
    await expect(shown(wall, "question").locator("blockquote")).to_have_text("Who pays for the village shop?")
    await room.bo.succeed("vote", question=question)
    await expect(shown(wall, "question")).to_contain_text("1 vote")
    await room.chair.moderate(question, "edit", text="Who pays for the shop, and for how long? " * 10)
    await expect(shown(wall, "question").locator("blockquote")).to_have_attribute("data-size", "longer")
    await room.chair.succeed("session", wall={"show": "top"})
    await expect(shown(wall, "ask")).to_be_visible()
    wanted = [await room.ask_openly(text) for text in ("First?", "Second?")]
    await room.bo.succeed("vote", question=wanted[1])
    await expect(shown(wall, "top").locator("li")).to_have_text(
        [re.compile("1 vote.*Seco"), re.compile("0 votes.*Fir")]
    )
    poll = await make_poll(room)
    await room.chair.succeed("session", wall={"show": "poll", "poll": poll})
    await expect(shown(wall, "poll")).to_contain_text("Vote now")
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bus"))
    await conduct(room, poll, "show")
    await expect(shown(wall, "poll").get_by_role("row", name=re.compile("Bus.*1.*100 %"))).to_be_visible()
    await expect(wall.get_by_text("Vote now")).to_be_hidden()
    await room.chair.succeed("session", wall={"show": "nothing"})
    await expect(wall.locator("[data-corner]")).to_be_hidden()
    await room.chair.succeed("session", wall={"show": "join"})
    await expect(shown(wall, "join")).to_contain_text(room.venue.page)


async def test_a_lost_line_leaves_the_last_state_and_a_word(
    room: Room, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED")
    wall = await wall_of(room, new_context)
    first, second = await room.ask_openly("Before?"), await room.ask_openly("After?")
    await room.chair.moderate(first, "answer")
    await expect(shown(wall, "question")).to_contain_text("Before?")
    await wall.context.set_offline(True)
    await expect(wall.get_by_text("No connection – showing the last state")).to_be_visible(timeout=15_000)
    await room.chair.moderate(second, "answer")
    await expect(shown(wall, "question")).to_contain_text("Before?")
    await wall.context.set_offline(False)
    await expect(shown(wall, "question")).to_contain_text("After?", timeout=15_000)
    await expect(wall.get_by_text("No connection")).to_be_hidden()


async def test_over_a_stream_only_the_band_with_the_question_is_there(room: Room, new_context: NewContext) -> None:
    viewport = {"width": 1280, "height": 720}
    question = await room.ask_openly("Who pays for the village shop?")
    await room.chair.moderate(question, "answer")
    for theme in ("light", "dark"):
        page = await wall_of(room, new_context, f"&transparent=1&theme={theme}", viewport=viewport)
        await expect(shown(page, "question")).to_contain_text("Who pays")
        picture = base64.b64encode(await page.screenshot(omit_background=True)).decode()
        canvas = await (await new_context()).new_page()
        for y, is_clear in ((0, True), (300, True), (620, False)):
            opacity = await canvas.evaluate(OPACITY, [picture, y])
            assert (max(opacity) == 0) is is_clear, (theme, y)
        assert opacity[0] == 0, "the band has a margin"


async def test_an_old_address_goes_dark(room: Room, new_context: NewContext) -> None:
    question = await room.ask_openly("Still to be seen?")
    await room.chair.moderate(question, "answer")
    old = await wall_of(room, new_context)
    await expect(shown(old, "question")).to_be_visible()
    new = await wall_of(room, new_context)
    await expect(old.get_by_text("not valid any more")).to_be_visible(timeout=(door.LOOK_SECONDS + 10) * 1000)
    await expect(old.locator("[data-pane]:visible")).to_have_count(0)
    await expect(shown(new, "question")).to_contain_text("Still to be seen?")


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1280)])
async def test_the_wall_and_the_pages_around_it_pass_the_checks_of_axe(
    room: Room, new_context: NewContext, scheme: str, width: int
) -> None:
    looks: dict[str, Any] = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 900},
        "reduced_motion": "reduce",
    }
    found = []
    questions = [await room.ask_openly(f"Question {n}?") for n in range(3)]
    poll = await make_poll(room)
    await room.chair.moderate(questions[0], "answer")
    await room.chair.moderate(questions[1], "pick")
    for query in ("&view=speaker", "&transparent=1", ""):
        wall = await wall_of(room, new_context, query, **looks)
        found += [f"{query}: {problem}" for problem in await problems(wall)]
    for show in ("top", "join", "nothing", "poll"):
        await room.chair.succeed("session", wall={"show": show, "poll": poll})
        await expect(wall.locator("[data-wall]")).to_have_attribute("data-showing", show)
        found += [f"{show}: {problem}" for problem in await problems(wall)]
    await conduct(room, poll, "show")
    await expect(shown(wall, "poll").locator("[data-part=results]")).to_be_visible()
    found += [f"results: {problem}" for problem in await problems(wall)]

    olga = await room.venue.guest("Olga", "organiser")
    client = await room.venue.site.client()
    client.cookies.set(*olga.cookie.split("=", 1))
    sent = await client.post(f"{room.venue.desk}/after", data={"name-0": "Åsa", "email-0": "asa@example.org"})
    link = LINK.search((await client.get(sent.headers["location"].partition("#")[0])).text)
    assert link
    context = await new_context(**looks | {"viewport": {"width": width, "height": 3000}})
    name, _, value = olga.cookie.partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": room.venue.site.url}])
    page, organise = await context.new_page(), f"/{room.venue.slug}/organise"
    paths = (f"{room.venue.desk}/after", f"{room.venue.desk}/screen-key", link[0])
    for path in (*paths, f"{organise}/live", f"{organise}/audit", f"{organise}/mail"):
        await page.goto(f"{room.venue.site.url}{path}")
        found += [f"{path}: {problem}" for problem in await problems(page)]
    assert not found, "\n".join(found)
