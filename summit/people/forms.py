"""The forms of signing in and entering; the rules for what they hold are in `accounts`."""

from wtforms import Form, HiddenField, StringField


class SignInForm(Form):
    """Whom to mail a link, and where it leads."""

    email = StringField()
    next = HiddenField()


class CodeForm(Form):
    """The code from the mail."""

    code = StringField()


class EnterForm(Form):
    """The name to go in under."""

    name = StringField()
    next = HiddenField()


class LanguageForm(Form):
    """The language to read in."""

    language = StringField()
    next = HiddenField()
