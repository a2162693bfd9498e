"""Receipts: what was answered to a message, for the case that the same one comes again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from summit.core.bulk import Bulk, BulkInsert, Straight
from summit.live.models import Receipt
from summit.live.protocol import Ack, encode

Key = tuple[str, str]
"""A person, and the ref of a message."""

_KEEP = BulkInsert("receipt", ("person_id", "ref", "answer"), {"session_id": "session", "made_at": "now"})
_FORGET = Bulk(
    "DELETE FROM receipt "
    "WHERE (person_id, session_id, ref) IN (SELECT person, CAST(:session AS varchar(20)), ref FROM {rows})",
    "person",
    "ref",
)
_KEPT = Bulk(
    "SELECT person_id, ref, answer FROM receipt "
    "WHERE (person_id, session_id, ref) IN (SELECT person, CAST(:session AS varchar(20)), ref FROM {rows})",
    "person",
    "ref",
)


def receipt(session_id: str, person_id: str, ack: Ack, now: datetime) -> Receipt:
    """What is kept of an answer."""
    answer = encode(ack).decode()
    return Receipt(session_id=session_id, person_id=person_id, ref=ack.ref, answer=answer, made_at=now)


async def keep_receipts(db: Straight, session_id: str, acks: Mapping[Key, Ack], now: datetime) -> None:
    """Keeps these answers. Raises `IntegrityError` where there is one already, or nobody whose it could be."""
    rows = [(person, ref, encode(ack).decode()) for (person, ref), ack in acks.items()]
    await _KEEP.execute(db, rows, session=session_id, now=now)


async def forget_receipts(db: Straight, session_id: str, keys: Iterable[Key]) -> None:
    """Forgets the answers that were kept for these."""
    await _FORGET.execute(db, keys, session=session_id)


async def receipts(db: Straight, session_id: str, wanted: Iterable[Key]) -> dict[Key, Ack]:
    """The answers that were given before."""
    kept = await _KEPT.execute(db, wanted, session=session_id)
    return {(person, ref): msgspec.json.decode(answer, type=Ack) for person, ref, answer in kept}
