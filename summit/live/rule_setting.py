"""Setting how the live rooms of a summit are to be: who may enter, which words wait, what moderators may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from wtforms import Form

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import one_line
from summit.live.models import LiveRules
from summit.live.rules import rules_of
from summit.live.wording import REPLY_LENGTH
from summit.people.audit import record
from summit.people.models import Person
from summit.programme.opening import is_open_to_all, set_open_to_all
from summit.programme.organising import Organised

MOST_WORDS, WORD_LENGTH = 500, 60
MOST_REPLIES = 50


@dataclass(frozen=True)
class Rules:
    """What an organiser decides for all rooms of a summit."""

    open_to_all: bool
    blocked_words: tuple[str, ...]
    replies: tuple[str, ...]
    names_to_moderators: bool
    is_published: bool

    @classmethod
    def read(cls, form: Form) -> "Rules":
        """From the form; raises `Invalid`."""
        errors: dict[str, str] = {}
        if form.data["entry"] not in ("all", "registered"):
            errors["entry"] = _("Choose who may enter.")
        words, replies = _lines(form.data["blocked_words"]), _lines(form.data["replies"])
        if wrong := _wrong_words(words):
            errors["blocked_words"] = wrong
        if wrong := _wrong_replies(replies):
            errors["replies"] = wrong
        if errors:
            raise Invalid(errors=errors)
        return cls(
            open_to_all=form.data["entry"] == "all",
            blocked_words=words,
            replies=replies,
            names_to_moderators=form.data["names_to_moderators"],
            is_published=form.data["is_published"],
        )

    @property
    def fields(self) -> dict[str, Any]:
        """As the form shows them."""
        return {
            "entry": "all" if self.open_to_all else "registered",
            "blocked_words": "\n".join(self.blocked_words),
            "replies": "\n".join(self.replies),
            "names_to_moderators": self.names_to_moderators,
            "is_published": self.is_published,
        }


async def rules_for(db: AsyncSession, summit_id: str) -> Rules:
    """The rules as they are."""
    kept = await rules_of(db, summit_id)
    return Rules(
        open_to_all=await is_open_to_all(db, summit_id),
        blocked_words=tuple(kept.blocked_words),
        replies=tuple(kept.replies),
        names_to_moderators=kept.names_to_moderators,
        is_published=kept.is_published,
    )


async def set_rules(db: AsyncSession, summit: Organised, organiser: Person, rules: Rules, now: datetime) -> bool:
    """Sets the rules and notes in the audit log what changed; False where nothing did."""
    before = await rules_for(db, summit.id)
    changed = [name for name in vars(rules) if getattr(before, name) != getattr(rules, name)]
    if not changed:
        return False
    await set_open_to_all(db, summit.id, everybody=rules.open_to_all)
    kept = await db.get(LiveRules, summit.id)
    if kept is None:
        kept = LiveRules(summit_id=summit.id)
        db.add(kept)
    kept.blocked_words, kept.replies = list(rules.blocked_words), list(rules.replies)
    kept.names_to_moderators, kept.is_published = rules.names_to_moderators, rules.is_published
    then, since = ({name: getattr(one, name) for name in changed} for one in (before, rules))
    who = (organiser.id, organiser.name)
    await record(db, summit.id, *who, "live rules", summit.slug, now, before=_plain(then), after=_plain(since))
    return True


def _lines(typed: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in map(one_line, (typed or "").splitlines()) if line))


def _wrong_words(words: Iterable[str]) -> str:
    words = list(words)
    if len(words) > MOST_WORDS:
        return _("Use at most %(most)d words.") % {"most": MOST_WORDS}
    if too_long := next((word for word in words if len(word) > WORD_LENGTH), ""):
        return _("“%(word)s …” is too long for a word: use at most %(most)d characters.") % {
            "word": too_long[:20],
            "most": WORD_LENGTH,
        }
    return ""


def _wrong_replies(replies: Iterable[str]) -> str:
    replies = list(replies)
    if len(replies) > MOST_REPLIES:
        return _("Use at most %(most)d replies.") % {"most": MOST_REPLIES}
    if too_long := next((reply for reply in replies if len(reply) > REPLY_LENGTH), ""):
        return _("“%(reply)s …” is too long for a reply: use at most %(most)d characters.") % {
            "reply": too_long[:40],
            "most": REPLY_LENGTH,
        }
    return ""


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
