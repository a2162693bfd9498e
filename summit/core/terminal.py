"""The manners of the command line: it says in a sentence or two what is wrong, and ends with 2."""

import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from summit.core.errors import Refused
from summit.core.i18n import speaking
from summit.core.migrations import UnknownSchema
from summit.settings import Settings, what_is_wrong

BAD_INPUT = 2
console, errors = Console(soft_wrap=True, emoji=False), Console(stderr=True, soft_wrap=True, emoji=False)


def say(line: str) -> None:
    """Prints a line as it is."""
    console.print(line, markup=False, highlight=False)


@contextmanager
def refusing(database_url: str = "") -> Iterator[None]:
    """Turns what is refused into a sentence and exit 2, never a stack trace."""
    try:
        with speaking("en"):
            yield
    except Refused as refused:
        refuse(refused.message or "There is no such thing.")
    except ValidationError as error:
        refuse("\n".join(what_is_wrong(error)))
    except UnknownSchema as error:
        refuse(f"The database does not fit this version of Summit, but perhaps a newer one: {error}.")
    except SQLAlchemyError as error:
        refuse(_of_the_database(error))
    except OSError as error:
        if not database_url.startswith("postgresql"):
            refuse(f"{error.filename or 'The system'}: {_reason(error)}.")
        url = make_url(database_url)
        where = f"{url.host or 'localhost'}:{url.port or 5432}"
        refuse(f"PostgreSQL at {where} can't be reached: {_reason(error)}. Start it, or correct SUMMIT_DATABASE_URL.")


def _of_the_database(error: SQLAlchemyError) -> str:
    said = re.sub(r"^<class '[^']*'>: ", "", str(getattr(error, "orig", None) or error)).rstrip(".")
    if re.search(r"no such (table|column)|(relation|column) \S+ does not exist", said):
        return f"The database lacks what this version of Summit needs ({said}). Run `summit migrate`."
    return f"The database said: {said}. Look after that, or use another database."


def _reason(error: OSError) -> str:
    """In the system's words: asyncio and socket put addresses into theirs."""
    if error.errno and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error) or "no answer"


def refuse(message: str) -> NoReturn:
    """Says what is wrong, and ends with 2."""
    errors.print(message, markup=False, highlight=False)
    raise typer.Exit(BAD_INPUT)


def need_database(settings: Settings, *, may_make: bool = False) -> None:
    """Refuses an SQLite database that can't be used; `may_make` says whether a missing one is made."""
    name = make_url(settings.database_url).database if settings.is_sqlite else None
    if name:
        need_file(Path(name), "SUMMIT_DATABASE_URL", may_make=may_make)


def need_file(path: Path, setting: str, *, may_make: bool) -> None:
    """Refuses an SQLite file that can't be used.

    Where aiosqlite can't open one, its thread may outlive our event loop and complain of that: so it is not asked.
    """
    if os.path.exists(path):
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
                connection.execute("PRAGMA schema_version")
        except sqlite3.Error as error:
            refuse(f"{path} can't be used as a database: {error}. Look at that file, or change {setting}.")
    elif not os.access(path.parent, os.W_OK):
        refuse(
            f"The folder {path.parent} is missing or can't be written to. Make it for {path.name}, or change {setting}."
        )
    elif not may_make:
        refuse(f"There is no database at {path}. Run `summit migrate` first, or change {setting}.")


def need_port(host: str, port: int) -> None:
    """Refuses a port that can't be listened on, before anything is made or said that builds on it."""
    try:
        family, *_others, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        socket.create_server((str(address[0]), port), family=family).close()
    except OSError as error:
        options = "--port" if host == "127.0.0.1" else "--port or --host"
        refuse(f"Nothing can listen on port {port} of {host}: {_reason(error)}. Choose another with {options}.")
