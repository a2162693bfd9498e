"""What is being prepared is nobody's business but the organisers'."""

from sqlalchemy import delete, update

from summit.core.texts import Texts
from summit.programme.models import Release, Summit
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG, a_programme
from tests.support.servers import Server

SECRET = "Nobody knows of this yet"


async def prepare(server: Server) -> None:
    """A summit under another title in its draft than anybody was told."""
    summit_id = await publish(server, a_programme(now=server.clock()))
    async with server.db.writer() as db:
        await db.execute(update(Summit).where(Summit.id == summit_id).values(title=Texts(en=SECRET)))


async def test_a_draft_shows_to_its_organisers_alone_not_even_its_name_on_refusals(server: Server) -> None:
    await prepare(server)
    stranger, participant = await server.client(), await sign_in(server, "participant")
    moderator, organiser = await sign_in(server, "moderator"), await sign_in(server, "organiser")
    for page in (
        "",
        "/sessions",
        "/schedule",
        "/releases",
        "/team",
        "/audit",
        "/tokens",
        "/mail",
        "/live",
        "/exchange",
    ):
        address = f"/{SLUG}/organise{page}"
        for somebody, status in ((stranger, 303), (participant, 403), (moderator, 403)):
            answer = await somebody.get(address)
            assert answer.status_code == status, address
            assert SECRET not in answer.text
        assert (await stranger.post(address)).status_code in (401, 405)
        assert SECRET not in (await stranger.post(address)).text
        assert SECRET in (await organiser.get(address)).text


async def test_of_a_summit_that_is_not_released_nothing_can_be_found_out(server: Server) -> None:
    await prepare(server)
    async with server.db.writer() as db:
        await db.execute(delete(Release))
    stranger = await server.client()
    for page in (
        "",
        "/programme",
        "/programme.ics",
        "/programme.json",
        "/programme.xml",
        "/programme.csv",
        "/programme.xlsx",
        "/programme/print",
        "/speakers",
        "/feed.atom",
        "/changes",
        "/card.png",
        "/look.css",
        "/sitemap.xml",
        "/privacy",
        "/code-of-conduct",
    ):
        answer = await stranger.get(f"/{SLUG}{page}")
        assert SECRET not in answer.text, page
        assert "Test meeting" not in answer.text, page
    for address in (f"/api/v1/summits/{SLUG}", f"/api/v1/summits/{SLUG}/sessions"):
        assert (await stranger.get(address)).status_code == 404
    assert SLUG not in (await stranger.get("/sitemap.xml")).text
    assert SLUG not in (await stranger.get("/api/v1/summits")).text
