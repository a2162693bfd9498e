"""Swedish and English: by what the browser asks for, and by the switch, which stays."""

import pytest

from tests.support.arranging import sign_in, signed_in_as
from tests.support.factories import SLUG
from tests.support.pages import heading, language, said_in
from tests.support.servers import Server


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("sv", "sv"),
        ("en", "en"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("sv-FI;q=0.5, en;q=0.4", "sv"),
        ("en;q=0.2, sv;q=0.7", "sv"),
        ("de, en;q=0.1", "en"),
        ("de", "en"),
        ("nb-NO", "sv"),
        ("", "sv"),
        ("sv;q=0, en;q=0.1", "en"),
        ("en;q=nonsense", "sv"),
        ("*", "sv"),
        (";;;,,,q=", "sv"),
    ],
)
async def test_the_browser_says_which_language_its_reader_wants(server: Server, accepted: str, tag: str) -> None:
    answer = await (await server.client(accept_language=accepted)).get("/sign-in")
    assert language(answer) == tag
    assert heading(answer) == said_in(tag, "Sign in")
    assert "Accept-Language" in answer.headers["vary"]


async def test_the_switch_wins_over_the_browser_and_stays(summit_server: Server) -> None:
    client = await summit_server.client(accept_language="sv")
    before = await client.get(f"/{SLUG}/programme")
    chosen = await client.post("/language", data={"language": "en", "next": f"/{SLUG}/programme"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, f"/{SLUG}/programme")
    assert language(before) == "sv"
    assert language(await client.get(f"/{SLUG}/programme")) == "en"
    assert "max-age=31536000" in chosen.headers["set-cookie"].lower()


async def test_a_choice_goes_with_the_person_to_their_other_browsers(summit_server: Server) -> None:
    phone = await sign_in(summit_server, "participant", "Anna Test")
    await phone.post("/language", data={"language": "sv"})
    laptop = await signed_in_as(summit_server, "anna.test@example.org")
    assert language(await laptop.get(f"/{SLUG}/programme")) == "sv"


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_the_switch_leads_nowhere_else(server: Server, address: str) -> None:
    answer = await (await server.client()).post("/language", data={"language": "en", "next": address})
    assert answer.headers["location"] == "/"
