"""Names of the usual kinds of sessions. Files and organisers may use any other word, which is shown as it is."""

from summit.core.i18n import _


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
