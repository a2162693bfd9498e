"""The address at which a calendar program reads somebody's agenda."""

import httpx2

from tests.support.factories import SLUG
from tests.support.pages import soup


async def agenda_address(browser: httpx2.AsyncClient) -> str:
    """Makes it with the button on one's page, and reads it there."""
    assert (await browser.post(f"/{SLUG}/me/calendar")).status_code == 303
    found = soup(await browser.get(f"/{SLUG}/me")).select_one('input[value$=".ics"]')
    assert found is not None
    return str(found["value"])
