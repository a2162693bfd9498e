"""What can be refused, as values of the domain; `web.py` and the live socket turn each into an answer."""

from collections.abc import Mapping
from typing import ClassVar


class Refused(Exception):
    """A request that is understood and not carried out. The message is for the person, in their language."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid"

    def __init__(self, message: str = "") -> None:
        self.message = message
        super().__init__(message)


class Invalid(Refused):
    """What was sent does not fit. `errors` names the fields and what is wrong with each."""

    status = 422

    def __init__(self, message: str = "", errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message or next(iter((errors or {}).values()), ""))
        self.errors = dict(errors or {})


class NotSignedIn(Refused):
    """Only for people who have signed in."""

    status = 401
    code = "forbidden"


class NotAllowed(Refused):
    """This person may not do this."""

    status = 403
    code = "forbidden"


class Muted(NotAllowed):
    """This person may read here, but not speak."""

    code = "muted"


class NotFound(Refused):
    """There is no such thing, or none that this person may know of."""

    status = 404
    code = "not_found"


class Closed(Refused):
    """Not at this time: asking is closed, the session has ended."""

    status = 409
    code = "closed"


class Changed(Refused):
    """Somebody else has changed it since it was last seen."""

    status = 409
    code = "conflict"


class TooLarge(Refused):
    """More than is taken in at once."""

    status = 413
    code = "too_large"


class TooMany(Refused):
    """Too often. `retry_after` says in how many seconds it works again."""

    status = 429
    code = "rate_limited"

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after
