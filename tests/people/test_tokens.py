"""Tokens for programs: made once shown, refused when revoked, expired, or when their maker has left."""

from datetime import timedelta

import httpx2
from sqlalchemy import delete, select

from summit.people.models import ApiToken, AuditEntry, Grant
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

TOKENS = f"/{SLUG}/organise/tokens"
DRAFT = f"/api/v1/summits/{SLUG}/sessions?draft=true"


async def make(
    organiser: httpx2.AsyncClient, name: str = "Planner", *, may: str = "read", lifetime: str = "month"
) -> str:
    """The secret of a new token, from the page that shows it."""
    answer = await organiser.post(TOKENS, data={"name": name, "may": may, "lifetime": lifetime})
    assert answer.status_code == 201, answer.text
    field = soup(answer).find(id="secret")
    assert field is not None
    return str(field["value"])


def bearing(secret: str) -> dict[str, str]:
    """The header that a program sends."""
    return {"authorization": f"Bearer {secret}"}


async def test_a_token_is_shown_once_and_kept_as_a_hash_alone(summit_server: Server) -> None:
    organiser = await sign_in(summit_server, "organiser")
    made = await organiser.post(TOKENS, data={"name": "Planner", "may": "read", "lifetime": "month"})
    assert made.headers["cache-control"] == "no-store"
    secret = str(soup(made).select_one("#secret")["value"])  # type: ignore[index]
    async with summit_server.db.reader() as db:
        kept = (await db.scalars(select(ApiToken))).one()
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.action == "token made"))).one()
    assert secret not in repr(vars(kept))
    assert secret.endswith(kept.hint)
    assert "Planner" in entry.subject
    shown = await organiser.get(TOKENS)
    assert secret not in shown.text
    assert "Planner" in words(shown)
    assert kept.hint in words(shown)


async def test_what_a_token_may_do_and_when_it_was_used_is_listed(summit_server: Server) -> None:
    organiser, program = await sign_in(summit_server, "organiser"), await summit_server.client()
    secret = await make(organiser, may="write")
    assert "Never" in words(await organiser.get(TOKENS))
    assert (await program.get(DRAFT, headers=bearing(secret))).status_code == 200
    listed = words(await organiser.get(TOKENS))
    assert "Read and change the draft" in listed
    assert "Never" not in listed


async def test_a_form_with_mistakes_keeps_what_was_typed(summit_server: Server) -> None:
    organiser = await sign_in(summit_server, "organiser")
    answer = await organiser.post(TOKENS, data={"name": " ", "may": "all", "lifetime": "never"})
    assert answer.status_code == 422
    page = soup(answer)
    assert page.select_one("#name-error")
    assert page.select_one("#may-error")
    chosen = page.select_one("#lifetime option[selected]")
    assert chosen is not None
    assert chosen["value"] == "never"


async def test_a_revoked_token_is_refused_at_once(summit_server: Server) -> None:
    organiser, program = await sign_in(summit_server, "organiser"), await summit_server.client()
    secret = await make(organiser)
    form = soup(await organiser.get(TOKENS)).select_one(".tokens form")
    assert form is not None
    assert (await organiser.post(str(form["action"]))).status_code == 303
    refused = await program.get(DRAFT, headers=bearing(secret))
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert "Revoked" in words(await organiser.get(TOKENS))
    async with summit_server.db.reader() as db:
        assert (await db.scalars(select(AuditEntry).where(AuditEntry.action == "token revoked"))).one()


async def test_an_expired_token_is_refused(summit_server: Server) -> None:
    organiser, program = await sign_in(summit_server, "organiser"), await summit_server.client()
    month, never = await make(organiser), await make(organiser, lifetime="never")
    summit_server.clock.now += timedelta(days=29)
    assert (await program.get(DRAFT, headers=bearing(month))).status_code == 200
    summit_server.clock.now += timedelta(days=1)
    assert (await program.get(DRAFT, headers=bearing(month))).status_code == 401
    assert (await program.get(DRAFT, headers=bearing(never))).status_code == 200


async def test_a_token_rests_while_its_maker_is_no_organiser(summit_server: Server) -> None:
    organiser, program = await sign_in(summit_server, "organiser"), await summit_server.client()
    secret = await make(organiser)
    async with summit_server.db.writer() as db:
        await db.execute(delete(Grant))
    assert (await program.get(DRAFT, headers=bearing(secret))).status_code == 401
    admin = await sign_in(summit_server, None, "The admin", admin=True)
    assert "no longer an organiser" in words(await admin.get(TOKENS))


async def test_a_token_of_another_summit_opens_nothing(summit_server: Server) -> None:
    organiser, program = await sign_in(summit_server, "organiser"), await summit_server.client()
    secret = await make(organiser)
    await publish(summit_server, slug="other")
    for slug in ("other", "no-such-summit"):
        refused = await program.get(f"/api/v1/summits/{slug}?draft=true", headers=bearing(secret))
        assert refused.status_code == 403, "whether there is such a summit is not told"


async def test_a_bad_token_is_refused_even_where_none_is_needed(summit_server: Server) -> None:
    program = await summit_server.client()
    for secret in ("summit_nothing", ".", "å" * 3000):
        answer = await program.get("/api/v1/summits", headers=[(b"authorization", f"Bearer {secret}".encode())])
        assert answer.status_code == 401, secret


async def test_only_organisers_see_and_make_tokens(summit_server: Server) -> None:
    moderator = await sign_in(summit_server, "moderator")
    assert (await moderator.get(TOKENS)).status_code == 403
    assert (await moderator.post(TOKENS, data={"name": "x", "may": "write", "lifetime": "never"})).status_code == 403


async def test_a_token_opens_no_page(summit_server: Server) -> None:
    organiser, program = await sign_in(summit_server, "organiser"), await summit_server.client()
    secret = await make(organiser, may="write")
    assert (await program.get(TOKENS, headers=bearing(secret))).status_code == 303
    with_both = await organiser.get(TOKENS, headers=bearing(secret))
    assert with_both.status_code == 303, "beside a token, no cookie says who asks"
