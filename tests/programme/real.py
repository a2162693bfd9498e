"""Programmes of real conferences, where the folder with them is beside the checkout."""

from functools import cache
from pathlib import Path

import pytest

from summit.programme.exchange import read
from summit.programme.values import Programme

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
NAMES = ("31c3.xml", "camp2019.json", "democon.json")


def real_programme(name: str) -> Programme:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"shared/data/{name} is not beside the checkout")
    return _read(path)


@cache
def _read(path: Path) -> Programme:
    return read(path.read_bytes(), zone="Europe/Berlin")
