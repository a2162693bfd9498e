"""Words that people type into open polls: which spellings are the same word, and which may be seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import category, normalize

from sqlalchemy import func, select, tuple_

from summit.core.ids import new_id
from summit.core.text import is_visible, one_line, seen, tame
from summit.live.blocked import blocked_in
from summit.live.poll_models import Ballot, Poll, PollWord, WordState
from summit.live.turns import Turn
from summit.live.views import WORDS_SEEN

WORD_LENGTH = 30
_KEY_LENGTH = 60
_AROUND = " .,:;!?…\"'“”‘’"


@dataclass(frozen=True)
class Word:
    """A word as somebody typed it."""

    label: str

    @property
    def key(self) -> str:
        """What makes two spellings the same word: ``Frihet!`` is ``frihet``. Å stays another letter than a."""
        folded = seen(normalize("NFKC", self.label))
        return (folded.strip(_AROUND) or folded)[:_KEY_LENGTH]

    @property
    def says_something(self) -> bool:
        """Whether there is a letter, a figure or a sign in it."""
        return is_visible(self.label) and any(category(sign)[0] in "LNS" for sign in self.label)


def words_in(typed: Iterable[str]) -> list[Word]:
    """The words that somebody typed, each once, in their order; fields left empty are none."""
    found = dict[str, Word]()
    for word in (Word(one_line(tame(one))) for one in typed):
        if word.label:
            found.setdefault(word.key, word)
    return list(found.values())


async def words_for(turn: Turn, typed: Mapping[tuple[str, str], Word]) -> dict[tuple[str, str], PollWord]:
    """The words of polls by (poll, key); those that nobody typed before are made."""
    if not typed:
        return {}
    wanted = select(PollWord).where(tuple_(PollWord.poll_id, PollWord.key).in_(list(typed)))
    known = {(word.poll_id, word.key): word for word in await turn.db.scalars(wanted)}
    made = {key: _made(turn, key[0], word) for key, word in typed.items() if key not in known}
    turn.db.add_all(made.values())
    for word in made.values():
        _note(turn, word)
    return known | made


def _made(turn: Turn, poll_id: str, word: Word) -> PollWord:
    """It waits where moderators read first, and where a blocked word is in it."""
    waits = turn.room.moderation == "before" or blocked_in(word.label, turn.rules.blocked_words)
    state: WordState = "waiting" if waits else "shown"
    return PollWord(id=new_id(), poll_id=poll_id, key=word.key, label=word.label, state=state, made_at=turn.now)


async def forget_unused(turn: Turn, poll: Poll, given_up: Iterable[str]) -> None:
    """Forgets those of the words that nobody holds any more, but not that a moderator has hidden one."""
    held = select(Ballot.choice).where(Ballot.poll_id == poll.id, Ballot.choice == PollWord.id)
    unused = select(PollWord).where(PollWord.id.in_(list(given_up)), PollWord.state != "hidden", ~held.exists())
    for word in await turn.db.scalars(unused):
        _note(turn, word)
        await turn.db.delete(word)
    # Of very many words people see those that are written most, and which these are may change with every ballot.
    shown = select(func.count()).where(PollWord.poll_id == poll.id, PollWord.state == "shown")
    if poll.shown and (await turn.db.scalar(shown) or 0) > WORDS_SEEN:
        turn.outcome.worded[poll.id] = True


def _note(turn: Turn, word: PollWord) -> None:
    worded = turn.outcome.worded
    worded[word.poll_id] = worded.get(word.poll_id, False) or word.state == "shown"
