"""What a poll is made of, and what people are told where that does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.ids import new_id
from summit.core.text import is_visible, one_line, seen, tame
from summit.live.poll_models import PollKind
from summit.live.protocol import ConductPoll, NewChoice

TITLE_LENGTH = 200
LABEL_LENGTH = 100
FEWEST_CHOICES = 2
MOST_CHOICES: dict[PollKind, int] = {"one": 10, "several": 10, "ranking": 8, "scale": 11, "words": 0}
MOST_WORDS, USUAL_WORDS = 5, 3
_USUAL_SCALE = ("1", "2", "3", "4", "5")


@dataclass
class Design:
    """A poll as somebody wants it; `errors` says what does not fit, by field."""

    kind: PollKind
    title: str = ""
    choices: list[dict[str, str]] = field(default_factory=list)
    most: int = 1
    low: str = ""
    high: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """The columns of `Poll`."""
        return {name: getattr(self, name) for name in ("kind", "title", "choices", "most", "low", "high")}


def designed(message: ConductPoll, before: Sequence[dict[str, str]] = ()) -> Design:
    """A poll from a moderator's message; those of the choices `before` that have the same label stay the same ones.

    Raises `Invalid`.
    """
    design = _worded(message)
    labels = _labels(message.choices)
    if message.kind == "scale" and not labels:
        labels = list(_USUAL_SCALE)
    _check_labels(design, labels)
    ids = {choice["label"]: choice["id"] for choice in before}
    design.choices = [{"id": ids.get(label) or new_id(), "label": label} for label in labels]
    design.most = _most(design, message.most)
    if design.errors:
        raise Invalid(errors=design.errors)
    return design


def corrected(message: ConductPoll, kind: PollKind, choices: Sequence[dict[str, str]]) -> Design:
    """Other words for a poll that people have seen: its choices stay, as does what may be chosen. Raises `Invalid`.

    `message.choices` are all of its choices, by their ids or in their order; none leaves their labels as they are.
    """
    design = _worded(message, kind)
    labels = [choice["label"] for choice in choices]
    if message.choices:
        labels = _in_order(message.choices, choices)
        if len(labels) != len(choices):
            design.errors["choices"] = _("People have seen these choices: you can put the words right, not the number.")
        else:
            _check_labels(design, labels)
    if design.errors:
        raise Invalid(errors=design.errors)
    design.choices = [choice | {"label": label} for choice, label in zip(choices, labels, strict=True)]
    return design


def _worded(message: ConductPoll, kind: PollKind | None = None) -> Design:
    design = Design(kind or message.kind, _line(message.title))
    if not is_visible(design.title):
        design.errors["title"] = _("Write what you ask.")
    elif len(design.title) > TITLE_LENGTH:
        design.errors["title"] = _("Use at most %(most)d characters.") % {"most": TITLE_LENGTH}
    if design.kind == "scale":
        design.low, design.high = _line(message.low), _line(message.high)
        for name, end in (("low", design.low), ("high", design.high)):
            if len(end) > LABEL_LENGTH:
                design.errors[name] = _("Use at most %(most)d characters.") % {"most": LABEL_LENGTH}
    return design


def _line(typed: str) -> str:
    return one_line(tame(typed))


def _labels(choices: Sequence[str | NewChoice]) -> list[str]:
    return [_line(choice if isinstance(choice, str) else choice.label) for choice in choices]


def _in_order(given: Sequence[str | NewChoice], choices: Sequence[dict[str, str]]) -> list[str]:
    """The new labels in the order of the choices; another number of them where ids are not theirs."""
    by_id = {choice.id: _line(choice.label) for choice in given if isinstance(choice, NewChoice) and choice.id}
    if not by_id:
        return _labels(given)
    ids = [choice["id"] for choice in choices]
    return [by_id[id] for id in ids] if set(ids) == by_id.keys() and len(given) == len(ids) else []


def _check_labels(design: Design, labels: Sequence[str]) -> None:
    most = MOST_CHOICES[design.kind]
    if not most:
        if labels:
            design.errors["choices"] = _("People write their own words here: leave the choices out.")
    elif not all(map(is_visible, labels)):
        design.errors["choices"] = _("Write something for each choice.")
    elif not FEWEST_CHOICES <= len(labels) <= most:
        numbers = {"fewest": FEWEST_CHOICES, "most": most}
        design.errors["choices"] = _("Give %(fewest)d to %(most)d choices.") % numbers
    elif any(len(label) > LABEL_LENGTH for label in labels):
        design.errors["choices"] = _("Use at most %(most)d characters for a choice.") % {"most": LABEL_LENGTH}
    elif len(set(map(seen, labels))) < len(labels):
        design.errors["choices"] = _("Each choice has to be another.")


def _most(design: Design, wanted: int | None) -> int:
    """How many one person may choose."""
    choices = len(design.choices)
    if design.kind == "ranking":
        return choices
    if design.kind not in ("several", "words"):
        return 1
    fewest, most = (1, MOST_WORDS) if design.kind == "words" else (FEWEST_CHOICES, max(choices, FEWEST_CHOICES))
    if wanted is None:
        return USUAL_WORDS if design.kind == "words" else most
    if wanted != most and fewest == most:
        design.errors["most"] = _("Use the number %(only)d, or leave the field empty.") % {"only": most}
    elif not fewest <= wanted <= most:
        design.errors["most"] = _("Use a number from %(fewest)d to %(most)d.") % {"fewest": fewest, "most": most}
    return wanted
