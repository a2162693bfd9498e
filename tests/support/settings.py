"""Settings for tests: nothing from the machine, limits that no test meets by accident."""

import os
from typing import Any

from summit.settings import Settings

QUIET = {
    "log_level": "warning",
    "secret_key": "a key of the tests alone",
    "ask_limit": "10000/minute",
    "vote_limit": "100000/minute",
    "command_limit": "100000/second",
    "sign_in_limit": "10000/hour",
    "enter_limit": "10000/hour",
    "api_limit": "1000000/minute",
    "token_limit": "1000000/minute",
}


def make_settings(database_url: str, **other: Any) -> Settings:
    """Valid settings with that database; `other` are fields of `Settings`."""
    return Settings(_env_file=None, database_url=database_url, **{**QUIET, **other})


def environment_of(settings: Settings) -> dict[str, str]:
    """This process's environment with the settings in it, for a process of its own."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SUMMIT_") and name != "PORT"}
    return bare | {f"SUMMIT_{name.upper()}": str(value) for name, value in settings.model_dump().items()}
