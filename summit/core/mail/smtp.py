"""The mail server that an operator names in ``SUMMIT_SMTP_URL``."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_COMMAND_SECONDS = 20


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. ``smtps`` speaks TLS from the start (RFC 8314), ``smtp`` where STARTTLS is offered."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """From ``smtp://user:password@host:587`` or ``smtps://…:465``; raises `ValueError`."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SUMMIT_SMTP_URL has to look like smtp://host:587 or smtps://host:465")
        tls = parts.scheme == "smtps"
        port = parts.port or (465 if tls else 25)
        return cls(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))

    def connection(self) -> SMTP:
        """A connection that is not yet open: ``async with server.connection() as smtp``."""
        return SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls,
            start_tls=None if not self.tls else False,
            username=self.user or None,
            password=self.password or None,
            timeout=_COMMAND_SECONDS,
            # A mail server on this machine has a certificate for no name we could check, and no wire to listen on.
            validate_certs=self.host not in _LOOPBACK,
        )


def is_refused_for_good(error: BaseException) -> bool:
    """Whether the server will not take this very mail (5yz, RFC 5321 §4.2.1): trying again would not help.

    A refused login is a matter of settings, not of the mail.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(is_refused_for_good(each) for each in error.recipients)
    return isinstance(error, (SMTPRecipientRefused, SMTPSenderRefused, SMTPDataError)) and error.code >= 500
