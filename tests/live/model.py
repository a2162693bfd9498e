"""A room by plain rules, without events, transactions or connections: what the server has to come to.

It takes the same messages, says what has to be answered, and what each person may see afterwards.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.live.client import Message
from tests.live.model_polls import Poll
from tests.live.model_questions import Deed, Person, Question, Questions, Refused, marks_in, told

REACTIONS = ("clap", "heart", "laugh", "wow", "idea")
LIFTS = {"unmute": "mute", "restore": "remove"}


@dataclass
class Sanction:
    """That somebody is muted or removed."""

    id: str
    person: Person
    question: str | None
    action: str
    reason: str
    everywhere: bool
    by: Person
    made_at: datetime
    lifted: bool = False


@dataclass
class Room:
    """All of it. `here` are its people by id, `names` whether moderators may know who asked without a name."""

    here: dict[str, Person]
    code: str
    names: bool
    questions: Questions = field(default_factory=Questions)
    polls: dict[str, Poll] = field(default_factory=dict)
    announcements: dict[str, Message] = field(default_factory=dict)
    next_door: list[str] = field(default_factory=list)
    hands: dict[str, datetime] = field(default_factory=dict)
    sanctions: list[Sanction] = field(default_factory=list)
    chat: dict[str, Message] = field(default_factory=dict)
    reactions: Counter[str] = field(default_factory=Counter)
    session: Message = field(
        default_factory=lambda: {
            "state": "live",
            "held": False,
            "questions": "open",
            "moderation": "before",
            "voting": "open",
            "slow": 0,
            "wall": {},
            "lead": None,
        }
    )

    def take(self, deed: Deed, message: Message, made: str, seen: Message) -> str:
        """Carries a message out; gives the id that its acknowledgement has. Raises `Refused`.

        `made` is the id of what was made, as the server has it; `seen` is a moderator's picture from after it.
        """
        by, kind = deed.by, message["type"]
        if kind in ("moderate", "poll", "announce", "sanction", "session", "chat", "retract") and not by.moderates:
            raise Refused("forbidden")
        if kind == "react" and message["reaction"] not in REACTIONS:
            raise Refused("invalid")
        if kind in ("ask", "edit", "react") or (kind == "hand" and message["on"]):
            self.demand_voice(by)
        match kind:
            case "ask":
                return self.ask(deed, message, made)
            case "edit":
                return self.questions.edit(deed, message["question"], message["text"])
            case "withdraw":
                return self.questions.withdraw(deed, message["question"])
            case "vote":
                return self.vote(by, message)
            case "moderate":
                return self.questions.moderate(
                    deed, message, {one["id"]: one["rank"] for one in seen.get("questions", ())}
                )
            case "poll":
                return self.conduct(message, made, seen)
            case "ballot":
                return self.cast(by, message)
            case "react":
                return self.react(message["reaction"])
            case "hand":
                return self.hand(deed, message)
            case "sanction":
                return self.sanction(deed, message, made)
            case "session":
                return self.set_session(by, message)
            case "announce":
                return self.announce(deed, message, made)
            case "retract":
                return self.retract(message)
            case _:
                self.chat[made] = {"author": by.view, "text": message["text"], "made_at": told(deed.at)}
                return made

    def is_muted(self, person: Person) -> bool:
        return any(one.person == person and not one.lifted for one in self.sanctions)

    def reason_for(self, person: Person) -> str:
        """Why they are muted: the newest reason that was given."""
        holding = [one for one in self.sanctions if one.person == person and not one.lifted and one.reason]
        return max(holding, key=lambda one: (one.made_at, one.id)).reason if holding else ""

    def removed(self, person: Person) -> list[Sanction]:
        """What keeps them out."""
        return [one for one in self.sanctions if one.person == person and one.action == "remove" and not one.lifted]

    def demand_voice(self, person: Person) -> None:
        if self.is_muted(person):
            raise Refused("muted")

    @property
    def has_ended(self) -> bool:
        return bool(self.session["state"] == "ended" and self.session["held"])

    def ask(self, deed: Deed, message: Message, made: str) -> str:
        if self.session["questions"] == "closed" or self.has_ended:
            raise Refused("closed")
        newest = max((one.asked_at for one in self.questions.values() if one.author == deed.by), default=None)
        if newest and not deed.by.moderates and deed.at < newest + timedelta(seconds=self.session["slow"]):
            raise Refused("rate_limited")
        one = Question(made, deed.by, message["anonymous"], message["text"], deed.at, marks=marks_in(message["text"]))
        if self.session["moderation"] == "after" and not one.marks:
            one.state, one.shown = "open", True
        self.questions[made] = one
        return made

    def vote(self, by: Person, message: Message) -> str:
        one = self.questions.find(message["question"])
        if not one.shown:
            raise Refused("not_found")
        if one.state not in ("open", "answering") or self.session["voting"] == "closed" or self.has_ended:
            raise Refused("closed")
        if message["on"]:
            one.own.add(by.id)
        else:
            self.questions.unvote(one, by.id)
        return one.id

    def conduct(self, message: Message, made: str, seen: Message) -> str:
        action = message["action"]
        if action == "create":
            poll = Poll(made, message.get("kind", "one"))
            poll.design(message)
            self.polls[made] = poll
        else:
            if message["poll"] not in self.polls:
                raise Refused("not_found")
            poll = self.polls[message["poll"]]
            if action == "delete":
                if poll.state != "draft":
                    raise Refused("closed")
                del self.polls[poll.id]
                return poll.id
            poll.conduct(message, message.get("key", ""))
        if action in ("create", "edit"):
            [choices] = [one["choices"] for one in seen["polls"] if one["id"] == poll.id]
            poll.ids = [choice["id"] for choice in choices if "state" not in choice]
        return poll.id

    def cast(self, by: Person, message: Message) -> str:
        if message["poll"] not in self.polls:
            raise Refused("not_found")
        reads_first, muted = self.session["moderation"] == "before", self.is_muted(by)
        self.polls[message["poll"]].cast(by, message["choices"], muted=muted, reads_first=reads_first)
        return str(message["poll"])

    def react(self, reaction: str) -> str:
        self.reactions[reaction] += 1
        return reaction

    def hand(self, deed: Deed, message: Message) -> str:
        person = message.get("person") or deed.by.id
        if person != deed.by.id and not deed.by.moderates:
            raise Refused("forbidden")
        if message["on"]:
            self.hands.setdefault(person, deed.at)
        else:
            self.hands.pop(person, None)
        return str(person)

    def sanction(self, deed: Deed, message: Message, made: str) -> str:
        question = self.questions.get(message.get("question") or "")
        person = question.author if question else self.here.get(message.get("person") or "")
        if person is None:
            raise Refused("not_found")
        nameless = question is not None and self.is_nameless(question.id)
        if lifted := LIFTS.get(message["action"]):
            return self.lift(person, question, lifted, made)
        if person.moderates:
            raise Refused("forbidden")
        everywhere, reason = message.get("everywhere", False), message.get("reason", "")
        of = question.id if question else None
        self.sanctions.append(Sanction(made, person, of, message["action"], reason, everywhere, deed.by, deed.at))
        if not nameless:
            # Else the hand would tell whose question it was.
            self.hands.pop(person.id, None)
        return made

    def lift(self, person: Person, question: Question | None, action: str, made: str) -> str:
        """A nameless one is lifted by its question alone, and with it no other: else it would tell whose it was."""
        nameless = question.id if question and self.is_nameless(question.id) else None
        lifted = [
            one
            for one in self.sanctions
            if one.person == person
            and one.action == action
            and not one.lifted
            and (one.question == nameless if nameless else not self.is_nameless(one.question))
        ]
        for one in lifted:
            one.lifted = True
        if lifted:
            assert made in [one.id for one in lifted]
            return made
        return nameless or person.id

    def is_nameless(self, question: str | None) -> bool:
        """Whether moderators may not know who asked that."""
        return question is not None and self.questions[question].anonymous and not self.names

    def set_session(self, by: Person, message: Message) -> str:
        now = self.session
        if wanted := message.get("state"):
            state = "live" if wanted == "clock" else wanted
            if (state == "ended") != (now["state"] == "ended"):
                now["questions"] = "closed" if state == "ended" else "open"
            now["state"], now["held"] = state, wanted != "clock"
            for poll in self.polls.values() if wanted == "ended" else ():
                poll.end()
        for name in ("questions", "moderation", "voting", "slow", "wall"):
            if name in message:
                now[name] = message[name]
        if message.get("lead"):
            now["lead"] = by.view
        elif message.get("lead") is False and now["lead"] == by.view:
            now["lead"] = None
        return self.code

    def announce(self, deed: Deed, message: Message, made: str) -> str:
        said = {"text": message["text"], "level": "info", "made_at": told(deed.at)}
        if message.get("everywhere"):
            said["everywhere"] = True
            self.next_door.append(message["text"])
        self.announcements[made] = said
        return made

    def retract(self, message: Message) -> str:
        if message["announcement"] not in self.announcements:
            raise Refused("not_found")
        said = self.announcements.pop(message["announcement"])
        if message["everywhere"] and said.get("everywhere"):
            self.next_door.remove(said["text"])
        return str(message["announcement"])

    def view_of(self, person: Person, *, at_desk: bool) -> Message:
        """What that person is to see, at the desk or in the room."""
        questions = self.questions.values()
        common = {
            "session": self.session,
            "questions": {one.id: self.questions.view(one) for one in questions if one.shown},
            "polls": {id: poll.view(at_desk=at_desk) for id, poll in self.polls.items() if self.is_seen(poll, at_desk)},
            "announcements": self.announcements,
            "reactions": dict(self.reactions),
            "hands_up": len(self.hands),
            "mine": self.own(person),
        }
        if not at_desk:
            return common
        return common | {
            "questions": {one.id: self.questions.at_desk(one, names=self.names) for one in questions},
            "hands": {id: {"person": self.here[id].view, "raised_at": told(at)} for id, at in self.hands.items()},
            "sanctions": {one.id: self.sanction_view(one) for one in self.sanctions if not one.lifted},
            "chat": self.chat,
        }

    def is_seen(self, poll: Poll, at_desk: bool) -> bool:
        return at_desk or poll.state != "draft"

    def own(self, person: Person) -> Message:
        questions = self.questions.values()
        return {
            "questions": {one.id: self.questions.to_author(one) for one in questions if one.author == person},
            "votes": {one.id for one in questions if person.id in self.questions.voters(one)},
            "ballots": {id: poll.chosen_by(person) for id, poll in self.polls.items() if person.id in poll.ballots},
            "hand": person.id in self.hands,
            "muted": self.is_muted(person),
            "mute_reason": self.reason_for(person),
        }

    def sanction_view(self, one: Sanction) -> Message:
        return {
            "person": None if self.is_nameless(one.question) else one.person.view,
            "question": one.question,
            "action": one.action,
            "reason": one.reason,
            "everywhere": one.everywhere,
            "by": one.by.name,
            "made_at": told(one.made_at),
        }


class Model:
    """The room, and what was answered: the same `ref` of the same person again has the same answer."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.answers: dict[tuple[str, str], Message] = {}

    def check(self, by: Person, message: Message, answer: Message, at: datetime, seen: Message) -> None:
        """Carries the message out here, too, and demands that the server has answered what it should."""
        key = (by.id, message["ref"])
        if key in self.answers:
            assert answer == self.answers[key], message
            return
        after = deepcopy(self.room)
        try:
            id: Any = after.take(Deed(by, message["ref"], at), message, answer.get("id", ""), seen)
        except Refused as refused:
            expected = ("error", str(refused))
        else:
            expected = ("ack", id)
            self.room, self.answers[key] = after, answer
        assert (answer["type"], answer.get("code", answer.get("id"))) == expected, (by.name, message, answer)
