"""What organisers call the parts of a session and a speaker, and what was done to them."""

from summit.core.i18n import _


def field_names() -> dict[str, str]:
    """The names of the fields of `SessionEdit` and `SpeakerEdit`, as forms have them."""
    return {
        "title": _("Title"),
        "subtitle": _("Subtitle"),
        "abstract": _("In short"),
        "description": _("Description"),
        "type": _("Type"),
        "language": _("Language"),
        "level": _("Level"),
        "stage": _("Stage"),
        "theme": _("Theme"),
        "start": _("Start"),
        "minutes": _("Length in minutes"),
        "day": _("Day of the programme"),
        "state": _("State"),
        "capacity": _("How many can take part"),
        "speakers": _("Speakers"),
        "links": _("Links, hand-outs and recording"),
        "url": _("Page elsewhere"),
        "logo": _("Picture"),
        "accessibility": _("More about accessibility"),
        "features": _("Accessibility"),
        "licence": _("Licence"),
        "do_not_record": _("Is not recorded"),
        "notes": _("Notes for organisers"),
        "name": _("Name"),
        "pronouns": _("Pronouns"),
        "organisation": _("Organisation"),
        "biography": _("Biography"),
        "photo": _("Photo"),
        "email": _("E-mail"),
        "availability": _("Available"),
    }


def act_name(action: str) -> str:
    """An action of the audit log as people say it."""
    return {
        "session added": _("Added"),
        "session changed": _("Changed"),
        "session removed": _("Removed"),
        "speaker added": _("Added"),
        "speaker changed": _("Changed"),
        "speaker removed": _("Removed"),
        "speakers merged": _("Put together"),
    }.get(action, action)
