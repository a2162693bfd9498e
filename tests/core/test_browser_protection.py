"""What protects browsers: headers on every answer, requests of other sites refused, cookies that cannot be forged."""

import time
from collections.abc import Mapping

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import text

from tests.support.arranging import sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server, serving
from tests.support.settings import QUIET, make_settings

COOKIE = "summit_device"
HOME = f"/{SLUG}/programme"


def is_strict(headers: Mapping[str, str]) -> bool:
    """Whether the policy lets nothing run or load from elsewhere, and the other headers are there."""
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    return (
        policy["default-src"] == "'none'"
        and policy["script-src"] == policy["style-src"] == "'self'"
        and policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        and "unsafe" not in headers["content-security-policy"]
        and headers["x-content-type-options"] == "nosniff"
        and headers["cross-origin-opener-policy"] == "same-origin"
        and "referrer-policy" in headers
        and "permissions-policy" in headers
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 303),
        (f"/{SLUG}/programme", 200),
        ("/sign-in", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/static/any/icons/mark.svg", 200),
        ("/static/media/nothing.mp4", 404),
        (f"/{SLUG}/programme.ics", 200),
        (f"/{SLUG}/sessions/{LIVE}/google-calendar", 303),
        ("/nothing", 404),
        ("/api/nothing", 404),
        ("/sign-out", 404),
        ("/sign-in/no-such-token", 410),
    ],
)
async def test_every_answer_carries_the_security_headers(summit_server: Server, path: str, status: int) -> None:
    answer = await (await summit_server.client()).get(path)
    assert answer.status_code == status
    assert is_strict(answer.headers)


@pytest.mark.parametrize(
    "path", ["any/css/all.css", "any/js/room.js", "media/summit/poster.webp", "media/summit/master.m3u8"]
)
async def test_what_is_only_part_of_a_page_carries_no_more_than_it_needs(server: Server, path: str) -> None:
    answer = await (await server.client()).get(f"/static/{path}")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not {"content-security-policy", "permissions-policy", "cross-origin-opener-policy"} & {*answer.headers}


async def test_refusals_and_crashes_carry_them_too(summit_server: Server) -> None:
    client = await summit_server.client()
    refused = await client.post("/language", headers={"origin": "https://evil.example"})
    large = await client.post("/sign-in", content=b"email=" + b"a" * 1_100_000)
    async with summit_server.db.writer() as db:
        await db.execute(text("DROP TABLE release"))
    broken = await client.get(f"/{SLUG}")
    assert [answer.status_code for answer in (refused, large, broken)] == [403, 413, 500]
    assert all(is_strict(answer.headers) for answer in (refused, large, broken))


async def test_an_unknown_host_is_refused_with_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = make_settings(sqlite_url(tmp_path_factory.mktemp("hosts")), allowed_hosts="summit.example.org")
    async with serving(settings) as server:
        client = await server.client()
        foreign = await client.get("/", headers={"host": "evil.example"})
        ours = await client.get("/", headers={"host": "summit.example.org"})
    assert (foreign.status_code, ours.status_code) == (400, 200)
    assert is_strict(foreign.headers)


async def test_behind_tls_browsers_are_told_to_stay_there(server: Server) -> None:
    client = await server.client()
    assert "strict-transport-security" not in (await client.get("/")).headers
    behind = await client.get("/", headers={"x-forwarded-proto": "https"})
    assert behind.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_no_page_has_inline_script_or_style(summit_server: Server) -> None:
    client = await sign_in(summit_server, "participant")
    for path in (
        "/nothing",
        f"/{SLUG}",
        f"/{SLUG}/programme",
        f"/{SLUG}/sessions/{LIVE}",
        f"/{SLUG}/sessions/{LIVE}/live",
    ):
        page = soup(await client.get(path))
        assert not page.find_all("style"), path
        assert not page.find_all(style=True), path
        for script in page.find_all("script"):
            assert script.get("src") or "json" in str(script.get("type")), f"{path}: {script}"
        handlers = [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert not handlers, path


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "{url}"}, True),
        ({"authorization": "Bearer token"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "{url}"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "{url}.evil.example"}, False),
        ({}, False),
    ],
)
async def test_only_this_site_can_make_a_browser_change_anything(
    server: Server, headers: dict[str, str], is_let_in: bool
) -> None:
    client = await server.client()
    del client.headers["origin"]
    sent = {name: value.format(url=server.url) for name, value in headers.items()}
    answer = await client.post("/language", data={"language": "sv"}, headers=sent)
    assert answer.status_code == (303 if is_let_in else 403)


async def test_a_token_from_another_site_does_not_carry_the_cookie_along(summit_server: Server) -> None:
    client = await sign_in(summit_server, "organiser", "Olof Test")
    foreign = {"origin": "https://evil.example", "authorization": "Bearer anything"}
    assert (await client.get(f"/{SLUG}/organise/mail")).status_code == 200
    assert (await client.get(f"/{SLUG}/organise/mail", headers=foreign)).status_code in (303, 401)
    assert (await client.post(f"/{SLUG}/organise/live", headers=foreign)).status_code == 401
    assert "Olof Test" not in words(await client.get(HOME, headers=foreign))
    signed_in = {"cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    await client.post("/sign-out", headers=foreign)
    assert "Olof Test" in words(await (await summit_server.client()).get(HOME, headers=signed_in))


async def test_behind_a_proxy_the_public_address_is_this_site(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = make_settings(
        sqlite_url(tmp_path_factory.mktemp("proxy")), base_url="https://summit.example.org/", secret_key="k"
    )
    async with serving(settings) as server:
        client = await server.client(origin="https://summit.example.org")
        answer = await client.post("/language", data={"language": "sv"})
        other = await client.post("/language", data={"language": "sv"}, headers={"origin": "https://example.org"})
    assert (answer.status_code, other.status_code) == (303, 403)
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_changed_cookie_is_nobodys(summit_server: Server) -> None:
    client = await sign_in(summit_server, "participant", "Anna Test")
    signed = client.cookies[COOKIE]
    value, when, signature = signed.rsplit(".", 2)
    other = await sign_in(summit_server, "organiser", "Olof Test")
    theirs = other.cookies[COOKIE].rsplit(".", 2)[0]
    assert "Anna Test" in words(await client.get(HOME))
    forged = [
        f"{theirs}.{when}.{signature}",
        # Not the last letter: some of its bits mean nothing (RFC 4648, section 3.5).
        f"{value}.{when}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        value,
        "",
        "å" * 10,
        _signed(value, salt="summit.summit_language"),
        _signed(value, age=31 * 24 * 3600),
    ]
    for cookie in forged:
        stranger = await summit_server.client()
        answer = await stranger.get(HOME, headers={b"cookie": f"{COOKIE}={cookie}".encode()})
        assert answer.status_code == 200, cookie
        assert "Anna Test" not in words(answer), cookie
        assert "Olof Test" not in words(answer), cookie
    real = await (await summit_server.client()).get(HOME, headers={"cookie": f"{COOKIE}={_signed(value)}"})
    assert "Anna Test" in words(real)


async def test_signing_out_ends_a_copied_cookie_as_well(summit_server: Server) -> None:
    client = await sign_in(summit_server, "participant", "Anna Test")
    copied = {"cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    stranger = await summit_server.client()
    assert "Anna Test" in words(await stranger.get(HOME, headers=copied))
    assert (await client.post("/sign-out")).status_code == 303
    assert COOKIE not in client.cookies
    assert "Anna Test" not in words(await stranger.get(HOME, headers=copied))


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(summit_server: Server) -> None:
    answer = await (await summit_server.client()).post(f"/{SLUG}/enter", data={"name": "Anna"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


class _Older(TimestampSigner):
    """Signs as if that many seconds ago."""

    age = 0

    def get_timestamp(self) -> int:
        return int(time.time()) - self.age


def _signed(value: str, salt: str = f"summit.{COOKIE}", age: int = 0) -> str:
    signer = _Older(QUIET["secret_key"], salt=salt)
    signer.age = age
    return signer.sign(value).decode()
