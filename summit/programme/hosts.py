"""Who is behind a summit, grouped by what they do for it."""

from dataclasses import dataclass

from summit.core.i18n import ngettext
from summit.programme.values import Host, Programme

_ORDER = ("host", "partner", "sponsor", "funder")


@dataclass(frozen=True, slots=True)
class HostGroup:
    """Organisations with the same role, under a heading in the reader's language."""

    role: str
    heading: str
    hosts: list[Host]


def host_groups(programme: Programme) -> list[HostGroup]:
    """The organisations by role: the usual roles first; a programme's own words for others are shown as they are."""
    roles = {host.role or "host": None for host in programme.hosts}
    order = [*(role for role in _ORDER if role in roles), *(role for role in roles if role not in _ORDER)]
    groups = ((role, [host for host in programme.hosts if (host.role or "host") == role]) for role in order)
    return [HostGroup(role, _heading(role, len(hosts)), hosts) for role, hosts in groups]


def own_picture(address: str) -> str:
    """The address where it is one of this site, as pages show no pictures from elsewhere; else empty."""
    return address if address.startswith("/") and not address.startswith("//") else ""


def _heading(role: str, n: int) -> str:
    return {
        "host": ngettext("Host", "Hosts", n),
        "partner": ngettext("Partner", "Partners", n),
        "sponsor": ngettext("Sponsor", "Sponsors", n),
        "funder": ngettext("Funder", "Funders", n),
    }.get(role, role)
