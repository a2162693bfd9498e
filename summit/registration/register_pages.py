"""Registering to a summit: the form, the mail that is on its way, and the link in it."""

from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Closed, Invalid, Refused, TooMany
from summit.core.i18n import _, clock_time, long_date
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.accounts import person_by_email
from summit.people.identity import COOKIE, COOKIE_SECONDS, identity
from summit.people.networks import network_of
from summit.people.sign_in import new_device, sign_out
from summit.programme.plain import converted
from summit.programme.published import Published, find_summit
from summit.programme.sharing import Share, share
from summit.programme.visiting import of_a_summit
from summit.programme.zones import city
from summit.registration import registering
from summit.registration.arriving import ask_by_mail, register_now
from summit.registration.office import office_of
from summit.registration.register_forms import MOST_FIELDS, echo, read_wanted, summarised, wanted_of
from summit.registration.register_sheet import Sheet, sheet_of
from summit.registration.wanted import Wanted

# As with links that sign in (`people.pages`): neither caches nor other sites get the address.
_SECRET = {"referrer-policy": "strict-origin", "cache-control": "no-store"}
_GUESSES = "30/hour"
NOTHING: Mapping[str, str] = {}


@of_a_summit
async def form(request: Request, summit: Published) -> Response:
    """The form; for who is registered already, their page."""
    house, person = services(request), identity(request).person
    code = request.query_params.get("code", "")
    async with house.db.reader() as db:
        sheet = await sheet_of(db, summit, house.clock(), code)
        known = await registering.registration_of(db, summit.id, person.id) if person else None
    if known is not None and known.state != "cancelled":
        return see_other(f"/{summit.slug}/me")
    before = wanted_of(known, person) if known and person else Wanted(name=person.name if person else "")
    wanted = Wanted(
        name=before.name,
        email=(person.email if person else "") or "",
        category=_preselected(sheet, request.query_params.get("category", "") or before.category),
        code=code,
        answers=before.answers,
        needs=before.needs,
        shares_needs=before.shares_needs,
    )
    if code and not sheet.opened:
        await _count_guess(request)
    wrong = {"code": _("We do not know that code. Check it, or leave the field empty.")}
    return _form(request, summit, sheet, wanted, wrong if code and not sheet.opened else NOTHING)


async def _count_guess(request: Request) -> None:
    """Codes are short: whoever tries many of them has to wait."""
    await services(request).limiter.hit(_GUESSES, "invitation-code", network_of(request))


def _preselected(sheet: Sheet, category: str) -> str:
    """What the address asks for, else what the invitation opens."""
    keys = [one.key for one in sheet.choices]
    return category if category in keys else next((key for key in keys if key in sheet.opened), "")


def _form(
    request: Request,
    summit: Published,
    sheet: Sheet,
    wanted: Wanted,
    errors: Mapping[str, str] = NOTHING,
    status: int = 200,
) -> Response:
    if sheet.door != "open":
        return _closed(request, summit, sheet, status)
    return render(
        request,
        "registration/register.html",
        status=status,
        sheet=sheet,
        values=echo(wanted),
        errors=dict(errors),
        summary=summarised(sheet.setup, errors),
        **_told(request, summit),
    )


def _closed(request: Request, summit: Published, sheet: Sheet, status: int) -> Response:
    opens = _moment(summit, sheet.setup.opens_at) if sheet.door == "not_yet" and sheet.setup.opens_at else ""
    told = _told(request, summit)
    return render(request, "registration/register_closed.html", status=status, door=sheet.door, opens=opens, **told)


def _told(request: Request, summit: Published) -> dict[str, Share]:
    """What other sites learn of the page; nothing where its address is a secret."""
    return {} if "token" in request.path_params else {"share": share(request, summit, _("Register"))}


def _moment(summit: Published, moment: datetime) -> str:
    """Day, time and zone, as it is where the summit is."""
    tz = summit.programme.tz
    return f"{long_date(moment.astimezone(tz).date())} {clock_time(moment, tz)} ({city(tz)})"


async def register(request: Request) -> Response:
    """Takes the form in: at once for one's own address that is known, by mail for any other."""
    summit = await find_summit(request)
    wanted = read_wanted(await request.form(max_files=0, max_fields=MOST_FIELDS))
    try:
        is_done = await register_now(request, summit, wanted)
        if not is_done:
            await ask_by_mail(request, summit, wanted)
    except (Closed, Invalid, TooMany) as refused:
        return await _refused(request, summit, wanted, refused)
    return see_other(f"/{summit.slug}/me" if is_done else f"/{summit.slug}/register/sent")


async def _refused(request: Request, summit: Published, wanted: Wanted, refused: Refused) -> Response:
    """The form again, with what was typed and what is wrong; or that registration is closed."""
    house = services(request)
    async with house.db.reader() as db:
        sheet = await sheet_of(db, summit, house.clock(), wanted.code)
    errors = refused.errors if isinstance(refused, Invalid) else {"": refused.message}
    if "code" in errors:
        await _count_guess(request)
    page = _form(request, summit, sheet, wanted, errors, refused.status)
    if isinstance(refused, TooMany):
        page.headers["retry-after"] = str(int(refused.retry_after) + 1)
    return page


@of_a_summit
async def sent(request: Request, _summit: Published) -> Response:
    """That there is mail: the same for an address that is registered already and for one that is not."""
    is_local = not services(request).settings.smtp_url
    return render(request, "registration/register_sent.html", local_outbox=is_local)


@of_a_summit
async def follow(request: Request, summit: Published) -> Response:
    """Shows a button only: programs that check mail open every address in it, and must not use the link up."""
    house, token = services(request), request.path_params["token"]
    try:
        async with house.db.reader() as db:
            asked = await registering.request_for(db, office_of(request, summit), token)
            wanted = converted(asked.form, Wanted)
            sheet = await sheet_of(db, summit, house.clock(), wanted.code)
            person = await person_by_email(db, asked.email)
            known = await registering.registration_of(db, summit.id, person.id) if person else None
    except registering.RequestSpent:
        return _spent(request)
    is_new = known is None or known.state == "cancelled"
    if sheet.door != "open" and is_new:
        return _secret(_closed(request, summit, sheet, 200))
    waits = is_new and any(one.is_full for one in sheet.choices if one.key == wanted.category)
    page = render(request, "registration/register_confirm.html", name=wanted.name, email=asked.email, waits=waits)
    return _secret(page)


async def confirm(request: Request) -> Response:
    """Makes it a registration, and signs this browser in as whoever it is of."""
    summit = await find_summit(request)
    house, token, who = services(request), request.path_params["token"], identity(request)
    office = office_of(request, summit)
    try:
        async with house.db.writer() as db:
            done = await registering.confirm(db, office, token, who.person)
            device = None
            if done.lets_in:
                device = await new_device(db, done.person.id, request.headers.get("user-agent", ""), house.clock)
                await sign_out(db, who.device_id, house.clock)
    except registering.RequestSpent:
        return _spent(request)
    except Closed as closed:
        return _secret(await _refused(request, summit, Wanted(), closed))
    except Invalid as invalid:
        # The summit asks something else than when they filled it in.
        async with house.db.reader() as db:
            asked = await registering.request_for(db, office, token)
        return _secret(await _refused(request, summit, converted(asked.form, Wanted), invalid))
    answer = see_other(f"/{summit.slug}/me" if done.is_new else f"/{summit.slug}/me?done=known")
    # Without a device, their page asks them to sign in: the link is too old to do that for an account that was there.
    if device is not None:
        house.cookies.write(answer, COOKIE, device.id, COOKIE_SECONDS)
    return _secret(answer)


def _spent(request: Request) -> Response:
    return _secret(render(request, "registration/register_spent.html", status=registering.RequestSpent.status))


def _secret(answer: Response) -> Response:
    answer.headers.update(_SECRET)
    return answer


def routes() -> list[Route]:
    """The addresses of registering."""
    return [
        Route("/{summit}/register", form, methods=["GET"], name="register"),
        Route("/{summit}/register", register, methods=["POST"], name="register-ask"),
        Route("/{summit}/register/sent", sent, methods=["GET"], name="register-sent"),
        Route("/{summit}/register/{token}", follow, methods=["GET"], name="register-link"),
        Route("/{summit}/register/{token}", confirm, methods=["POST"], name="register-confirm"),
    ]
