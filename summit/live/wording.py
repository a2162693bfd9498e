"""What people may write into a question, and what its states are called."""

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import is_visible, one_line, tame
from summit.live.question_models import QuestionState

QUESTION_LENGTH = 500
REPLY_LENGTH = 2000
NOTE_LENGTH = 1000
LABELS, LABEL_LENGTH = 5, 30
_LONGEST_ECHO = 60


def worded(typed: str, most: int) -> str:
    """The text as it is kept; raises `Invalid` where nothing can be read in it, or more than `most` characters."""
    text = tame(typed)
    if not is_visible(text):
        raise Invalid(errors={"text": _("Write something first.")})
    if len(text) > most:
        over = {"most": most, "over": len(text) - most}
        raise Invalid(errors={"text": _("Use at most %(most)d characters; this is %(over)d too many.") % over})
    return text


def labels_of(labels: tuple[str, ...]) -> list[str]:
    """The labels, each once; raises `Invalid` where they are too many or too long."""
    found = list(dict.fromkeys(line for label in labels if (line := one_line(tame(label)))))
    if len(found) > LABELS or any(len(label) > LABEL_LENGTH for label in found):
        most = {"labels": LABELS, "most": LABEL_LENGTH}
        raise Invalid(errors={"labels": _("At most %(labels)d labels of %(most)d characters.") % most})
    return found


def about(text: str, message: str) -> str:
    """What is said about one question among several, with the beginning of its text."""
    line = one_line(text)
    said = line if len(line) <= _LONGEST_ECHO else f"{line[:_LONGEST_ECHO].rstrip()} …"
    return _("“%(text)s”: %(message)s") % {"text": said, "message": message}


def state_name(state: QuestionState) -> str:
    """A question's state in the reader's language."""
    return {
        "waiting": _("waiting for the moderator"),
        "open": _("in the room"),
        "answering": _("being answered"),
        "answered": _("answered"),
        "dismissed": _("dismissed"),
        "merged": _("merged"),
        "withdrawn": _("withdrawn"),
    }[state]
