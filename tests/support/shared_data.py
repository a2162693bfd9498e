"""Files of real conferences, in the folder `shared/data` beside the checkout."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


def need(name: str) -> Path:
    """The path of that file; skips the test where it is missing."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: it belongs in the folder shared/data beside the checkout")
    return path
