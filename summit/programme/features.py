"""What makes a session accessible, as readers see it: a word and a sign for each feature."""

from summit.core.i18n import _
from summit.programme.values import FEATURES, Feature

IN_LISTS: frozenset[Feature] = frozenset(["live_captions", "sign_language"])
"""Those that stand in rows of sessions, too: whoever needs them chooses by them."""
_SIGNS: dict[str, str] = {
    "live_captions": "captions",
    "sign_language": "hand",
    "audio_description": "audio-lines",
    "easy_language": "book-open",
    "hearing_loop": "ear",
    "step_free": "accessibility",
    "quiet_room": "volume-1",
}


def feature_name(feature: str) -> str:
    """``sign_language`` as the reader calls it: Sign language, teckenspråkstolkning."""
    return {
        "live_captions": _("Live captions"),
        "sign_language": _("Sign language"),
        "audio_description": _("Audio description"),
        "easy_language": _("Easy language"),
        "hearing_loop": _("Hearing loop"),
        "step_free": _("Step-free access"),
        "quiet_room": _("Quiet room nearby"),
    }[feature]


def feature_icon(feature: str) -> str:
    """The name of its icon."""
    return _SIGNS[feature]


def in_order(features: frozenset[str]) -> list[Feature]:
    """Those of them, as they are always listed."""
    return [feature for feature in FEATURES if feature in features]
