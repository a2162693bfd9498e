"""Who may create a summit."""

from summit.core.errors import NotAllowed, NotSignedIn
from summit.core.i18n import _
from summit.people.models import Person
from summit.people.roles import Identity


def may_found(who: Identity) -> bool:
    """Whether they may: admins, and everybody who organises a summit already."""
    return who.person is not None and (who.person.is_admin or "organiser" in who.roles.values())


def demand_founder(who: Identity) -> Person:
    """The person, where they may create a summit; else raises `NotSignedIn` or `NotAllowed`."""
    if who.person is None:
        raise NotSignedIn(_("Sign in first."))
    if not may_found(who):
        raise NotAllowed(_("Only admins, and organisers of another summit, can create one. Ask one of them."))
    return who.person
