"""The plain forms of room and desk; the rules for what they hold are in the commands."""

from wtforms import BooleanField, Form, HiddenField, StringField


class AskForm(Form):
    """A question."""

    text = StringField()
    anonymous = BooleanField()
    ref = HiddenField()


class VoteForm(Form):
    """A vote, or taking it back (`on` is 0)."""

    on = StringField()
    ref = HiddenField()
    back = HiddenField()


class ModerateForm(Form):
    """One of the moderators' actions."""

    action = StringField()
    text = StringField()
    labels = StringField()
    ref = HiddenField()


class SessionForm(Form):
    """The room's state; what is empty stays as it is."""

    state = StringField()
    questions = StringField()
    moderation = StringField()
    ref = HiddenField()


class AnnounceForm(Form):
    """An announcement."""

    text = StringField()
    level = StringField()
    ref = HiddenField()
