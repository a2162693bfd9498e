"""Names of the types of sessions: the summit's own, the usual ones, else the word that a file or an organiser used."""

from summit.core.i18n import _, locale
from summit.programme.values import Programme


def type_name(programme: Programme, key: str) -> str:
    """A type of sessions as this summit calls it; where the summit has no name of its own for it, the usual one."""
    own = next((one.name for one in programme.types if one.key == key), None)
    return own.best(locale()).text if own else kind_name(key)


def kind_name(kind: str) -> str:
    """``Keynote`` as the reader calls it; the word itself where it is none of the usual ones."""
    return {
        "opening": _("Opening"),
        "closing": _("Closing"),
        "keynote": _("Keynote"),
        "panel": _("Panel"),
        "talk": _("Talk"),
        "lecture": _("Lecture"),
        "lightning talks": _("Lightning talks"),
        "lightning_talk": _("Lightning talk"),
        "workshop": _("Workshop"),
        "discussion": _("Discussion"),
        "mingle": _("Mingle"),
        "break": _("Break"),
    }.get(kind.lower(), kind)
