"""A thousand sessions and eight hundred speakers: organisers find, place, publish and take out all of it."""

import gzip

from tests.programme.big import DAYS, SESSIONS, SPEAKERS, big_programme
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

AT = f"/{SLUG}/organise"


async def test_a_large_draft_is_usable(server: Server) -> None:
    """One test, because bringing a thousand sessions in takes as long as all else."""
    await publish(server, big_programme())
    browser = await sign_in(server, "organiser")

    listed = await browser.get(f"{AT}/sessions?q=hanna+lind")
    assert 0 < len(soup(listed).select("tbody tr")) < 12
    assert len(soup(await browser.get(f"{AT}/sessions")).select("tbody tr")) == 100
    assert len(soup(await browser.get(f"{AT}/speakers?q=nunez")).select("tbody tr")) == 40

    day = (await browser.get(f"{AT}/schedule.json")).json()
    assert len(day["sessions"]) == SESSIONS // DAYS
    code = day["sessions"][0]["code"]
    moved = {"day": "", "time": "", "minutes": "35", "stage": "", "revision": "1"}
    assert (await browser.post(f"{AT}/schedule/{code}/placement", data=moved)).status_code == 303

    waiting = await browser.get(f"{AT}/releases")
    assert "Publish 1 change" in words(waiting)
    for page, most in (("", 20_000), ("/schedule", 60_000), ("/sessions", 30_000), ("/speakers", 40_000)):
        assert len(gzip.compress((await browser.get(f"{AT}{page}")).content)) < most, page

    for form in ("xml", "json", "csv", "xlsx", "ics"):
        answer = await browser.get(f"/{SLUG}/programme.{form}")
        assert answer.status_code == 200
        assert len(answer.content) > SESSIONS * 50, form
    api = (await browser.get(f"/api/v1/summits/{SLUG}/sessions?per_page=200")).json()
    assert (len(api["items"]), api["total"]) == (200, SESSIONS)
    assert (await browser.get(f"/api/v1/summits/{SLUG}/speakers")).json()["total"] == SPEAKERS
