"""Every setting, read from the environment with the prefix ``SUMMIT_``."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose. `summit settings` lists these with their values."""

    model_config = SettingsConfigDict(env_prefix="SUMMIT_", env_file=".env", extra="ignore")

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
    mail_from: str = Field("Summit <summit@localhost>", description="The sender of mail.")
    allowed_hosts: str = Field("*", description="Host names that are answered, separated by commas.")
    forwarded_allow_ips: str = Field(
        "127.0.0.1", description="Proxies whose X-Forwarded-* headers are believed, separated by commas."
    )
    log_format: Literal["json", "text"] = Field("json", description="One JSON object a line, or text for a person.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    ask_limit: str = Field("20/minute", description="Questions a person may ask in one session.")
    vote_limit: str = Field("300/minute", description="Votes a person may cast or take back in one session.")
    sign_in_limit: str = Field(
        "10/hour", description="Sign-in mails for one address; three times that from one network."
    )
    enter_limit: str = Field("300/hour", description="People who may enter by display name from one network.")
    max_body_bytes: int = Field(1_048_576, description="The largest request body, in bytes.")

    @field_validator("database_url")
    @classmethod
    def _with_an_async_driver(cls, url: str) -> str:
        """Hosting platforms hand out addresses without a driver."""
        for plain in ("postgres://", "postgresql://"):
            if url.startswith(plain):
                return "postgresql+asyncpg://" + url.removeprefix(plain)
        if url.startswith("sqlite://"):
            return "sqlite+aiosqlite://" + url.removeprefix("sqlite://")
        return url

    @field_validator("base_url")
    @classmethod
    def _without_a_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")
