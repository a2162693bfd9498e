"""A consistent copy of an SQLite database that is in use."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url


def back_up(url: str, target: Path) -> None:
    """Copies the database to `target`, which appears only when it is whole. Raises `OSError`."""
    source = Path(make_url(url).database or "")
    if not source.is_file():
        raise FileNotFoundError(f"there is no database at {source}")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as live, sqlite3.connect(unfinished) as copy:
            live.backup(copy)
        copy.close()
        live.close()
        os.replace(unfinished, target)
    except sqlite3.Error as error:
        unfinished.unlink(missing_ok=True)
        raise OSError(str(error)) from error
