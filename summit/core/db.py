"""The database layer: the one place that knows SQLite from PostgreSQL."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from sqlite3 import OperationalError
from typing import Any, cast

from sqlalchemy import JSON, Boolean, ColumnElement, Connection, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator

from summit.core import postgres, sqlite
from summit.core.brief import Brief, BriefWriters
from summit.core.glances import Glance, Glances, Rows
from summit.core.sqlite import BUSY_SECONDS
from summit.core.texts import Texts

SCRUB_SECONDS = 2
JOURNAL_PAGES = 8000
"""Of SQLite's write-ahead log: with more, they are copied into the file."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TextsColumn(TypeDecorator[Texts]):
    """A text in several languages, kept as a JSON object of language to text."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Texts | None, dialect: Dialect) -> dict[str, str]:
        return dict(value or {})

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> Texts:
        return Texts(value or {})


class holds(FunctionElement[bool]):
    """Whether a column has a word somewhere in it, in capitals or not."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any] | InstrumentedAttribute[Any], word: str) -> None:
        literal = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        alike = "".join(sign if sign.isascii() else "_" for sign in literal)
        super().__init__(column, f"%{alike}%", f"%{literal}%".lower())

    def self_group(self, against: OperatorType | None = None) -> "holds":
        """As it is: within ``(…) = 1``, SQLite would ask for both halves."""
        return self


@compiles(holds)
def _holds(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, _alike, literal = element.clauses
    return f"lower({compiler.process(column, **kw)}) LIKE {compiler.process(literal, **kw)} ESCAPE '\\'"


@compiles(holds, "sqlite")
def _holds_on_sqlite(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    # Its LIKE takes A for a by itself. Our `lower` is Python: it is asked only where all but other letters fit.
    column, alike, literal = (compiler.process(one, **kw) for one in element.clauses)
    return f"({column} LIKE {alike} ESCAPE '\\' AND lower({column}) LIKE {literal} ESCAPE '\\')"


class Base(DeclarativeBase):
    """All tables of the house. Names of constraints are fixed, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, Texts: TextsColumn, dict[str, Any]: JSON, list[Any]: JSON}


class Database:
    """Readers and writers over one engine.

    A writer takes the write lock at its beginning (``BEGIN IMMEDIATE`` on SQLite), so that what it reads is still true
    when it writes. Nothing below `writer()` commits.
    """

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine = make_engine(url)
        writing = self.engine.execution_options(summit_begin="BEGIN IMMEDIATE") if self.is_sqlite else self.engine
        # SQLite's readers see one moment by themselves; PostgreSQL's have to ask for it.
        reading = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._readers = async_sessionmaker(reading, expire_on_commit=False)
        self._writers = async_sessionmaker(writing, expire_on_commit=False)
        # Writers of this process queue here in order; SQLite's own waiting is a poll without an order.
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self.is_scrubbed = True
        self._briefs = BriefWriters(self.engine, self._turn or asyncio.Lock(), is_sqlite=self.is_sqlite)
        self._glances = Glances(self.engine, is_sqlite=self.is_sqlite)

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncSession]:
        """A consistent view that never waits for a writer."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on any exception."""
        async with self._turn or nullcontext(), self._writers.begin() as session:
            yield session

    def brief_writer(self) -> AbstractAsyncContextManager[Brief]:
        """The same without a session, for a few statements over rows that are found by their keys (`Bulk`)."""
        return self._briefs.transaction()

    async def glance(self, at: Glance, **values: str) -> Rows:
        """The rows of one statement, which sees one moment: for what is read at every handshake."""
        return await self._glances.rows(at, **values)

    async def scrub(self) -> bool:
        """Empties SQLite's write-ahead log, in which what was deleted can still be read; whether it is empty now.

        It never fails: where somebody reads just then, `is_scrubbed` tells that it is still to be done. On PostgreSQL,
        dead rows go with its own VACUUM.
        """
        if self._turn is None:
            return True
        try:
            async with self._turn, self.engine.connect() as connection:
                self.is_scrubbed = await connection.run_sync(_truncate_journal)
        except SQLAlchemyError:
            self.is_scrubbed = False
        return self.is_scrubbed

    async def close(self) -> None:
        """Gives all connections back."""
        await self._glances.close()
        await self._briefs.close()
        await self.engine.dispose()


def make_engine(url: str, *, migrating: bool = False) -> AsyncEngine:
    """An engine with what each database needs.

    A migrating engine has foreign keys off on SQLite: Alembic rebuilds tables there, and ON DELETE CASCADE would take
    the children of the old table with it.
    """
    # Errors go into the log, and what people wrote, addresses and sign-in links must not go with them.
    if not url.startswith("sqlite"):
        return create_async_engine(
            url,
            # To migrate, one waits for whoever migrates already.
            connect_args={"async_creator_fn": postgres.connect if migrating else postgres.connect_bounded},
            pool_size=10,
            max_overflow=5,
            # The one that was given back last is the one that knows the statements. Others fall idle, and may be ended.
            pool_use_lifo=True,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    options = {"isolation_level": None, "timeout": BUSY_SECONDS, "async_creator_fn": sqlite.Connection}
    engine = create_async_engine(url, connect_args=options, hide_parameters=True)
    _prepare_sqlite(engine.sync_engine, foreign_keys=not migrating)
    return engine


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _keep_journal_ahead(cursor)
        # FULL: with NORMAL a power cut may lose the last commits, and what was acknowledged has to survive.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        # What is deleted is overwritten: an erased person must not be left in the file, nor in copies of it.
        cursor.execute("PRAGMA secure_delete=ON")
        # A statement over many rows keeps what it may have to undo: in memory, not in a file that is made for it.
        cursor.execute("PRAGMA temp_store=MEMORY")
        # Pages that are written again and again are copied into the file once for all: some 32 MB, and not 4.
        cursor.execute(f"PRAGMA wal_autocheckpoint={JOURNAL_PAGES}")
        cursor.close()
        # SQLite's own knows A to Z alone, and people are called Åsa.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        driver = cast(sqlite.Connection, connection.connection.driver_connection)
        driver.begin(options.get("summit_begin", "BEGIN"))


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _keep_journal_ahead(cursor: Any) -> None:
    # Two who turn a new file to WAL at once: one is told "locked" at once, whatever the busy timeout.
    last = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError:
            if time.monotonic() > last:
                raise
            time.sleep(0.01)


def _truncate_journal(connection: Connection) -> bool:
    cursor = connection.connection.cursor()
    try:
        # Somebody waits for this, and every writer behind it.
        cursor.execute(f"PRAGMA busy_timeout={SCRUB_SECONDS * 1000}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_pages = cursor.fetchone() or (1,)
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    finally:
        cursor.close()
    return not is_busy
