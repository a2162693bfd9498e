"""The plain forms of room and desk; the rules for what they hold are in the commands."""

from wtforms import BooleanField, Form, HiddenField, SelectMultipleField, StringField


class AskForm(Form):
    """A question."""

    text = StringField()
    anonymous = BooleanField()
    ref = HiddenField()


class VoteForm(Form):
    """A vote, or taking it back (`on` is 0). The rest says how the list was seen: its order, what was searched for."""

    on = StringField()
    ref = HiddenField()
    back = HiddenField()
    q = HiddenField()
    follow = HiddenField()


class EditForm(Form):
    """One's own question, put right."""

    text = StringField()
    ref = HiddenField()


class ReactForm(Form):
    """A reaction, by its name."""

    reaction = StringField()
    ref = HiddenField()
    follow = HiddenField()


class HandForm(Form):
    """A hand up, or down (`on` is 0)."""

    on = StringField()
    ref = HiddenField()
    follow = HiddenField()


class ModerateForm(Form):
    """One of the moderators' actions. `version` is what the page showed."""

    action = StringField()
    text = StringField()
    labels = StringField()
    into = StringField()
    before = StringField()
    version = HiddenField()
    ref = HiddenField()


class BulkForm(ModerateForm):
    """One of the moderators' actions with all the questions that were ticked: each an id, or ``id:version``."""

    question = SelectMultipleField(validate_choice=False)


class SessionForm(Form):
    """The room's state; what is empty stays as it is."""

    state = StringField()
    questions = StringField()
    moderation = StringField()
    voting = StringField()
    slow = StringField()
    stream = StringField()
    lead = StringField()
    wall = StringField()
    ref = HiddenField()


class SanctionForm(Form):
    """Whom a moderator mutes or removes (the asker of `question`), why, and where."""

    question = StringField()
    person = StringField()
    action = StringField()
    reason = StringField()
    everywhere = BooleanField()
    ref = HiddenField()


class TakeDownForm(Form):
    """Whose hand a moderator takes down."""

    person = StringField()
    ref = HiddenField()


class ChatForm(Form):
    """A word to the other moderators."""

    text = StringField()
    ref = HiddenField()


class AnnounceForm(Form):
    """An announcement."""

    text = StringField()
    level = StringField()
    everywhere = BooleanField()
    ref = HiddenField()


class RetractForm(Form):
    """Taking an announcement back, here or in all rooms."""

    everywhere = BooleanField()
    ref = HiddenField()


class WatchForm(Form):
    """The way to follow a session; the stream that was chosen before, and what the reader wants to see of questions."""

    mode = StringField()
    stream = StringField()
    sort = StringField()
    q = StringField()


class BallotForm(Form):
    """A ballot. Besides these, `choice` and `word`, as often as there are, or places in ``rank-`` and a choice's id."""

    none = StringField()
    ref = HiddenField()


class PollForm(Form):
    """What a moderator does with a poll; each line of `choices` is one. `version` is what the page showed."""

    action = StringField()
    title = StringField()
    kind = StringField()
    choices = StringField()
    most = StringField()
    low = StringField()
    high = StringField()
    word = StringField()
    on = StringField()
    version = HiddenField()
    ref = HiddenField()


def figure(typed: str) -> int | str:
    """A number where it is one; what is none is refused with the message as a whole."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else typed
