"""Every setting, read from the environment with the prefix ``SUMMIT_``."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from limits import parse
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    # Hosting platforms hand out addresses without a driver.
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_PASSWORDS = re.compile(r"(?<=://)([^:/@]*):.*@|([?&]password=)[^&]*")


class Settings(BaseSettings):
    """What an operator may choose. `summit settings` lists these with their values."""

    model_config = SettingsConfigDict(env_prefix="SUMMIT_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///summit.db",
        description="SQLite file, or postgresql+asyncpg://user:password@host/name.",
    )
    broker_url: str = Field("", description="Empty for one process; redis://host:port between several.")
    secret_key: str = Field("", description="Signs cookies. Empty: one is made and kept in the database.")
    base_url: str = Field(
        "", description="The public address, such as https://summit.example.org. Empty: as the browser asked."
    )
    smtp_url: str = Field(
        "",
        description="smtp://user:password@host:587 (STARTTLS where offered) or smtps://…:465. "
        "Empty: mail goes to a local outbox page that organisers can open.",
    )
    oidc_issuer: str = Field(
        "",
        description="OpenID provider that organisers and staff may sign in with (extra oidc). Empty: none.",
    )
    oidc_client_id: str = Field("", description="This site's id at the OpenID provider.")
    oidc_client_secret: str = Field("", description="This site's secret at the OpenID provider.")
    oidc_name: str = Field("", description="What people call the OpenID provider, such as the name of a university.")
    mail_from: str = Field(
        "Summit <summit@localhost>",
        description="The sender of mail. Calendars answer invitations there: let somebody read what comes.",
    )
    mail_reply_to: str = Field("", description="Where people's answers to mail go. Empty: to the sender.")
    allowed_hosts: str = Field("*", description="Host names that are answered, separated by commas.")
    forwarded_allow_ips: str = Field(
        "127.0.0.1", description="Proxies whose X-Forwarded-* headers are believed, separated by commas."
    )
    log_format: Literal["json", "text"] = Field("json", description="One JSON object a line, or text for a person.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    ask_limit: str = Field("20/minute", description="Questions a person may ask in one session.")
    vote_limit: str = Field("300/minute", description="Votes a person may cast or take back in one session.")
    react_limit: str = Field("10/10 second", description="Reactions a person may send in one session.")
    command_limit: str = Field(
        "60/3 seconds",
        description="Messages of one person over all live sockets to one process; what is more is carried out later.",
    )
    sign_in_limit: str = Field(
        "10/hour", description="Sign-in mails for one address; three times that from one network."
    )
    enter_limit: str = Field(
        "2000/hour",
        description="People who may enter by display name from one network; "
        "all of a university or an office may be behind one address.",
    )
    api_limit: str = Field("3000/minute", description="Requests to the API without a token from one network.")
    token_limit: str = Field("600/minute", description="Requests to the API with one token.")
    max_body_bytes: int = Field(1_048_576, gt=0, description="The largest request body, in bytes.")
    max_upload_bytes: int = Field(
        20_971_520, gt=0, description="The largest request with a file from an organiser, in bytes."
    )

    @field_validator("database_url")
    @classmethod
    def _with_an_async_driver(cls, url: str) -> str:
        scheme, _separator, rest = url.partition("://")
        if scheme not in _DRIVERS:
            raise ValueError("has to begin with sqlite:// or postgresql://; other databases are not supported")
        url = f"{_DRIVERS[scheme]}://{rest}"
        is_sqlite = url.startswith("sqlite")
        try:
            host = make_url(url).host
        except (ArgumentError, ValueError):
            host = None if is_sqlite else ""
        # Two slashes before a file make a host of its first folder.
        if is_sqlite and host:
            raise ValueError("has to look like sqlite:///summit.db or sqlite:////srv/summit.db")
        if host == "":
            raise ValueError("has to look like postgresql://user:password@host:5432/name")
        return url

    @field_validator("broker_url")
    @classmethod
    def _of_redis(cls, url: str) -> str:
        if url and not _has_host(url, "redis", "rediss"):
            raise ValueError("has to look like redis://host:6379 or rediss://host:6379, or be empty")
        return url

    @field_validator("base_url")
    @classmethod
    def _without_a_slash(cls, url: str) -> str:
        url = url.rstrip("/")
        parts = _has_host(url, "http", "https")
        if url and not (parts and not (parts.path or parts.query or parts.fragment or parts.username)):
            raise ValueError("has to be http:// or https:// and a host, as in https://summit.example.org, or empty")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _of_a_mail_server(cls, url: str) -> str:
        if url and not _has_host(url, "smtp", "smtps"):
            raise ValueError("has to look like smtp://user:password@host:587 or smtps://host:465, or be empty")
        return url

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _of_a_sender(cls, sender: str, info: ValidationInfo) -> str:
        if not sender and info.field_name == "mail_reply_to":
            return sender
        local, _at, domain = parseaddr(sender)[1].rpartition("@")
        try:
            whole = local.isascii() and local and domain.encode("idna")
        except UnicodeError:
            whole = False
        if not whole:
            raise ValueError("has to be a mail address, such as Summit <summit@example.org>")
        return sender

    @field_validator(
        "ask_limit",
        "vote_limit",
        "react_limit",
        "command_limit",
        "sign_in_limit",
        "enter_limit",
        "api_limit",
        "token_limit",
    )
    @classmethod
    def _of_a_rate(cls, limit: str) -> str:
        try:
            parse(limit)
        except ValueError:
            raise ValueError("has to be a number for a time, such as 20/minute, 300/hour or 5/10 seconds") from None
        return limit

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def shown(self, name: str) -> str:
        """The value of a setting for people to read: nothing in it lets anybody in."""
        value = str(getattr(self, name))
        if name in ("secret_key", "oidc_client_secret"):
            return "(hidden)" if value else ""
        return _PASSWORDS.sub(_hidden, value) if name.endswith("_url") else value


def what_is_wrong(error: ValidationError) -> Iterator[str]:
    """A sentence for each setting that cannot be used. Addresses may hold passwords, and are not repeated."""
    for each in error.errors(include_url=False):
        name = str(each["loc"][0])
        value = "" if name.endswith(("_url", "_key")) else f", not “{each['input']}”"
        yield f"SUMMIT_{name.upper()} {_has_to(each)}{value}."


def _has_to(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"has to be {str(context['expected']).replace(chr(39), '')}"
        case "int_parsing":
            return "has to be a whole number"
        case "greater_than":
            return f"has to be more than {context['gt']}"
    return f"cannot be used ({error['msg']})"


def _has_host(url: str, *schemes: str) -> SplitResult | None:
    """The parts of an address with one of these schemes, a host and, where there is one, a real port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in schemes and parts.hostname else None


def _hidden(found: re.Match[str]) -> str:
    return f"{found[2]}***" if found[2] else f"{found[1]}:***@"
