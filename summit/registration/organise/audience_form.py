"""Whom a mailing goes to, as a form: its choices, what was typed, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, locale
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.organise.typed import Typed
from summit.programme.published import last_published
from summit.registration.audience import Audience, Entered
from summit.registration.bookings import is_booked
from summit.registration.models import RegistrationState
from summit.registration.places import state_name
from summit.registration.setup import Setup, setup_of

_STATES: Sequence[RegistrationState] = ("registered", "offered", "waiting", "cancelled")
Choices = Sequence[tuple[str, str]]
"""Values, each with what it is called."""


@dataclass(frozen=True)
class AudienceForm:
    """What can be chosen in one summit."""

    setup: Setup
    sessions: Sequence[values.Session]

    @classmethod
    async def of(cls, db: AsyncSession, summit_id: str) -> "AudienceForm":
        """From the summit's setup and its released programme."""
        released = await last_published(db, summit_id)
        sessions = [one for one in released.programme.sessions if is_booked(one)] if released else []
        return cls(await setup_of(db, summit_id), sessions)

    @property
    def states(self) -> Choices:
        """States of registrations."""
        return [(state, state_name(state)) for state in _STATES]

    @property
    def categories(self) -> Choices:
        """The summit's categories."""
        return [(one.key, _said(one.name)) for one in self.setup.categories]

    @property
    def booked(self) -> Choices:
        """Sessions with seats to book."""
        return [("", _("No matter what they have booked")), *((one.code, _said(one.title)) for one in self.sessions)]

    @property
    def answers(self) -> Choices:
        """Each answer that can be chosen, as ``question=option``."""
        found = [("", _("Whatever they answered"))]
        for question in self.setup.questions:
            options = [(one.key, _said(one.name)) for one in question.options]
            if question.kind == "yes_no":
                options = [("yes", _("Yes")), ("no", _("No"))]
            found += [(f"{question.key}={key}", f"{_said(question.name)}: {name}") for key, name in options]
        return found

    @property
    def entered(self) -> Choices:
        """Whether they came."""
        return [
            ("", _("Whether they came or not")),
            ("yes", _("Have been in a session")),
            ("no", _("Have not been in any session")),
        ]

    def in_words(self, audience: Audience) -> list[str]:
        """The audience, one condition a line; all of them have to be met."""
        states, categories = dict(self.states), dict(self.categories)
        lines = [_either([states[one] for one in audience.states])]
        if audience.categories:
            lines.append(_either([categories.get(one, one) for one in audience.categories]))
        if audience.session:
            name = dict(self.booked).get(audience.session, audience.session)
            lines.append(_("Has a seat in %(session)s") % {"session": name})
        if audience.question:
            key = f"{audience.question}={audience.option}"
            lines.append(dict(self.answers).get(key, key))
        if audience.entered:
            lines.append(dict(self.entered)[audience.entered])
        return lines


def audience_from(form: Typed) -> Audience:
    """What was ticked and chosen; strange values choose nothing."""
    question, _sign, option = form.text("answer").partition("=")
    entered = form.text("entered")
    return Audience(
        states=tuple(one for one in _STATES if one in form.all("states")),
        categories=tuple(filter(_is_key, form.all("categories"))),
        session=form.text("session") if _is_key(form.text("session")) else "",
        question=question if _is_key(question) and _is_key(option) else "",
        option=option if _is_key(option) else "",
        entered=cast(Entered, entered) if entered in ("yes", "no") else "",
    )


def _is_key(said: str) -> bool:
    """Whether it can be a key or a code: no database is asked for anything else."""
    return said.isascii() and said.replace("-", "").replace("_", "").isalnum()


def _said(texts: Texts) -> str:
    return texts.best(locale()).text


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s or %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}
