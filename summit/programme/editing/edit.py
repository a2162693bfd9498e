"""What all edits share: fields that are given, or stay as they are."""

from typing import Any

import msgspec
from msgspec import UNSET


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be said of something; what is not given (`UNSET`) stays as it is."""

    def given(self) -> dict[str, Any]:
        """What is given, by name."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in fields.items() if value is not UNSET}
