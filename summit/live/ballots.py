"""Ballots: what people choose in polls, or write in open ones; the last word of each person counts."""

from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy import delete, insert, select, tuple_

from summit.core.errors import Closed, Invalid, NotFound, Refused, TooMany
from summit.core.i18n import _, ngettext
from summit.live.count_turns import CountTurn
from summit.live.gathering import Cast, Refusal
from summit.live.live import Live
from summit.live.poll_counts import ballots_of
from summit.live.poll_models import Ballot, Poll, PollWord
from summit.live.protocol import Ack, CastBallot
from summit.live.seats import Seat
from summit.live.silence import may_not_speak, silenced_of
from summit.live.turns import Turn, whole
from summit.live.words import WORD_LENGTH, Word, forget_unused, words_for, words_in

Chosen = tuple[str | Word, ...]
"""Ids of choices, in order where it is a ranking; words where it is an open poll."""
_Key = tuple[str, str]
"""A poll and a person; or a poll and a word's key."""


async def cast_ballot(live: Live, seat: Seat, message: CastBallot) -> Ack:
    """Takes part in a poll, chooses anew, or takes the ballot back (no choices).

    Raises `NotFound`, `Closed`, `Invalid` or `Muted`, or `TooMany`, which a repeat never meets.
    """
    try:
        await live.limiter.hit(live.settings.vote_limit, "ballot", seat.place.session_id, seat.person_id)
    except TooMany:
        if not await live.was_done(seat, message.ref):
            raise
    return await live.ballots.cast(seat, message)


async def count_ballots(short: CountTurn, casts: list[Cast]) -> list[Refusal | None]:
    """Counts ballots in their order; gives a refusal for each that does not count. The last of a person counts.

    Raises `TakesMore`.
    """
    turn = whole(short)
    ballots = [(cast.seat, cast.message) for cast in casts if isinstance(cast.message, CastBallot)]
    polls = await _polls(turn, {ballot.poll for _seat, ballot in ballots})
    silenced = await silenced_of(turn, [seat for seat, ballot in ballots if _is_written(polls.get(ballot.poll))])
    wanted, answers = dict[_Key, Chosen](), list[Refusal | None]()
    for seat, ballot in ballots:
        poll = polls.get(ballot.poll)
        found = _chosen(poll, ballot)
        if poll is None or not isinstance(found, tuple):
            answers.append(found if callable(found) else _no_such)
        elif poll.kind == "words" and found and (standing := silenced.get(seat.person_id)):
            answers.append(partial(may_not_speak, standing))
        else:
            wanted[poll.id, seat.person_id] = found
            answers.append(None)
    await _write(turn, polls, wanted)
    return answers


def _chosen(poll: Poll | None, ballot: CastBallot) -> Chosen | Refusal:
    """What somebody chose, or why it does not count."""
    if poll is None or poll.state == "draft":
        return _no_such
    if poll.state == "closed":
        return _is_over
    if poll.kind == "words":
        return _written(poll, ballot.choices)
    if len(set(ballot.choices)) < len(ballot.choices):
        return _is_double
    if not {choice["id"] for choice in poll.choices}.issuperset(ballot.choices):
        return _is_not_on_offer
    return partial(_are_too_many, poll.most) if len(ballot.choices) > poll.most else ballot.choices


def _written(poll: Poll, typed: Iterable[str]) -> Chosen | Refusal:
    words = words_in(typed)
    if any(len(word.label) > WORD_LENGTH for word in words):
        return _is_too_long
    if not all(word.says_something for word in words):
        return _says_nothing
    return partial(_are_too_many_words, poll.most) if len(words) > poll.most else tuple(words)


def _no_such() -> Refused:
    return NotFound(_("There is no such poll here."))


def _is_over() -> Refused:
    return Closed(_("This poll is closed."))


def _is_double() -> Refused:
    return Invalid(errors={"choices": _("Each choice counts once.")})


def _is_not_on_offer() -> Refused:
    return Invalid(errors={"choices": _("That is none of the choices of this poll.")})


def _are_too_many(most: int) -> Refused:
    return Invalid(
        errors={"choices": ngettext("Choose at most %(num)s.", "Choose at most %(num)s.", most) % {"num": most}}
    )


def _are_too_many_words(most: int) -> Refused:
    return Invalid(errors={"choices": ngettext("Write one only.", "Write at most %(num)s.", most) % {"num": most}})


def _is_too_long() -> Refused:
    return Invalid(errors={"choices": _("Use at most %(most)d characters for each.") % {"most": WORD_LENGTH}})


def _says_nothing() -> Refused:
    return Invalid(errors={"choices": _("Write a word, with letters or figures in it.")})


async def _polls(turn: Turn, ids: set[str]) -> dict[str, Poll]:
    found = await turn.db.scalars(select(Poll).where(Poll.id.in_(ids), Poll.session_id == turn.session_id))
    return {poll.id: poll for poll in found}


def _is_written(poll: Poll | None) -> bool:
    return poll is not None and poll.kind == "words"


async def _write(turn: Turn, polls: Mapping[str, Poll], wanted: Mapping[_Key, Chosen]) -> None:
    # The room's lock is held, so nobody else counts here: what is read stays so until it is written.
    if not wanted:
        return
    words = await _words(turn, wanted)
    held = await _held(turn, wanted)
    changed = dict[_Key, tuple[str, ...]]()
    for (poll, person), chosen in wanted.items():
        ids = tuple(words[poll, one.key].id if isinstance(one, Word) else one for one in chosen)
        if ids != held.get((poll, person), ()):
            changed[poll, person] = ids
    if not changed:
        return
    of_these = tuple_(Ballot.poll_id, Ballot.person_id).in_(changed)
    await turn.db.execute(delete(Ballot).where(of_these).execution_options(synchronize_session=False))
    rows = [
        {"poll_id": poll, "person_id": person, "choice": choice, "place": place}
        for (poll, person), ids in changed.items()
        for place, choice in enumerate(ids)
    ]
    if rows:
        await turn.db.execute(insert(Ballot), rows)
    turn.outcome.polled.update(poll for poll, _person in changed)
    for poll_id in {poll for poll, _person in changed if polls[poll].kind == "words"}:
        given_up = {word for key in changed if key[0] == poll_id for word in held.get(key, ())}
        await forget_unused(turn, polls[poll_id], given_up)
    for person, own in (await ballots_of(turn.db, turn.session_id, {person for _poll, person in changed})).items():
        turn.tell_mine(person, ballots=own)


async def _words(turn: Turn, wanted: Mapping[_Key, Chosen]) -> dict[_Key, PollWord]:
    """All words that are wanted now, by poll and key, those included that nobody typed before."""
    typed = dict[_Key, Word]()
    for (poll, _person), chosen in wanted.items():
        for word in chosen:
            if isinstance(word, Word):
                typed.setdefault((poll, word.key), word)
    return await words_for(turn, typed)


async def _held(turn: Turn, keys: Iterable[_Key]) -> dict[_Key, tuple[str, ...]]:
    held = dict[_Key, tuple[str, ...]]()
    found = await turn.db.execute(
        select(Ballot.poll_id, Ballot.person_id, Ballot.choice)
        .where(tuple_(Ballot.poll_id, Ballot.person_id).in_(list(keys)))
        .order_by(Ballot.place)
    )
    for poll, person, choice in found:
        held[poll, person] = (*held.get((poll, person), ()), choice)
    return held
