"""The record of processing (GDPR art. 30): what follows from the summit's setup, and what only its organisers know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from summit.core.i18n import _, date_span, locale
from summit.programme import values
from summit.registration.setup import Setup
from summit.settings import Settings

LENGTH = 4000
KEYS = ("controller", "contact", "officer", "purposes", "legal_basis", "recipients", "transfers", "security")


@dataclass(frozen=True)
class Entry:
    """One point of the record; without lines it is still to be filled in."""

    heading: str
    lines: tuple[str, ...]


def labels() -> dict[str, str]:
    """What organisers fill in, by key."""
    return {
        "controller": _("Who is responsible (the controller)"),
        "contact": _("Whom to ask"),
        "officer": _("Data protection officer"),
        "purposes": _("Purposes"),
        "legal_basis": _("Legal basis"),
        "recipients": _("Further recipients"),
        "transfers": _("Transfers to other countries"),
        "security": _("Further security measures"),
    }


def hints() -> dict[str, str]:
    """What each is about."""
    return {
        "controller": _("The organisation, its number and its address."),
        "contact": _("Name or role, address and telephone. It is shown to people who erase themselves."),
        "officer": _("Where your organisation has one."),
        "purposes": _("Why you keep the data, beyond running the summit."),
        "legal_basis": _("For example: a task in the public interest (article 6.1 e), or consent (article 6.1 a)."),
        "recipients": _("Who gets data besides the hosts that we list: caterers, printers, partners."),
        "transfers": _("To countries outside the EU and EEA, and what protects the data there."),
        "security": _("What you do yourselves: who has access, where lists are kept."),
    }


def record_of(
    kept: Mapping[str, Any], setup: Setup, keep_until: date | None, programme: values.Programme, settings: Settings
) -> list[Entry]:
    """The record as it stands."""
    known = labels()

    def own(key: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in str(kept.get(key) or "").splitlines() if line.strip())

    return [
        Entry(known["controller"], own("controller")),
        Entry(known["contact"], own("contact")),
        Entry(known["officer"], own("officer")),
        Entry(
            known["purposes"], (_("Running the summit: registration, seats, live sessions, mail."), *own("purposes"))
        ),
        Entry(known["legal_basis"], own("legal_basis")),
        Entry(_("Whose data"), _people(setup)),
        Entry(_("Which data"), _data(setup)),
        Entry(_("Special categories (article 9)"), _special(setup)),
        Entry(_("Recipients"), (*_recipients(programme, settings), *own("recipients"))),
        Entry(known["transfers"], own("transfers")),
        Entry(_("Erased when"), _retention(keep_until)),
        Entry(_("Security measures"), (*_security(settings), *own("security"))),
    ]


def _people(setup: Setup) -> tuple[str, ...]:
    categories = ", ".join(one.name.best(locale()).text or one.key for one in setup.categories)
    return (
        _("People who register, as: %(categories)s") % {"categories": categories},
        _("People who take part under a display name, without registering"),
        _("Speakers"),
        _("Organisers and moderators"),
    )


def _data(setup: Setup) -> tuple[str, ...]:
    asked = [one.name.best(locale()).text or one.key for one in setup.questions]
    agreed = [one.text.best(locale()).text or one.key for one in setup.consents]
    return (
        _("Name, e-mail address, language"),
        _("Registration: category, state, when it was made, changed and cancelled, and by whom"),
        *([_("Answers to: %(questions)s") % {"questions": ", ".join(asked)}] if asked else []),
        *(_("Consent, with its wording and time: %(text)s") % {"text": one} for one in agreed),
        *([_("Accessibility needs, shown to organisers where the person agrees")] if setup.asks_needs else []),
        _("Bookings, agenda and mail choices"),
        _("Attendance: who was in which session, from when to when, for how long"),
        _("Live sessions: questions, votes, answers in polls, raised hands, and what moderators did about them"),
        _("Mail that was sent, and its state"),
        _("Signed-in devices: kind of browser and time"),
    )


def _special(setup: Setup) -> tuple[str, ...]:
    if setup.asks_needs:
        return (_("Accessibility needs can say something about health. Nobody has to fill them in."),)
    return (_("None are asked for."),)


def _recipients(programme: values.Programme, settings: Settings) -> tuple[str, ...]:
    found = [_("The organisers and moderators of the summit")]
    if host := urlsplit(settings.smtp_url).hostname:
        found.append(_("Mail server: %(host)s") % {"host": host})
    streams = [stage.stream for stage in programme.stages if stage.stream]
    addresses = {address for stream in streams for address in (stream.url, stream.backup) if address}
    for host in sorted({urlsplit(address).hostname or "" for address in addresses} - {""}):
        found.append(_("Streams: %(host)s sees the network address of whoever plays them") % {"host": host})
    return tuple(found)


def _retention(keep_until: date | None) -> tuple[str, ...]:
    kept = _("Everything personal of participants: by itself after %(day)s") % {
        "day": date_span(keep_until, keep_until) if keep_until else "–"
    }
    unset = _("Everything personal of participants: no day is set yet")
    return (
        kept if keep_until else unset,
        _("At once, when a person erases themselves or asks the organisers to"),
        _("What was typed and never confirmed by mail: after a few days"),
        _("Mail that lets its reader in: its text, once it is sent or has expired"),
    )


def _security(settings: Settings) -> tuple[str, ...]:
    is_encrypted = settings.base_url.startswith("https:")
    return (
        *([_("Connections are encrypted (TLS).")] if is_encrypted else []),
        _(
            "There are no passwords. Links and codes for signing in work once, for a short time, "
            "and only their hashes are kept."
        ),
        _("Roles by summit and session; every change by an organiser is in the audit log."),
        _("Personal data is kept out of the server's logs and out of addresses."),
        _("No analytics, no cookies but for signing in and settings. Players of other hosts load after a click."),
        *([_("Erased data is overwritten in the database file.")] if settings.is_sqlite else []),
    )
