"""Where a request comes from, as far as rate limits care."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection


def network_of(connection: HTTPConnection) -> str:
    """The IPv4 address, or the /64 of an IPv6 address: one household has all of the latter (RFC 6177)."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
