"""Samples, real programmes and the schemas of the formats."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from summit.programme.exchange import Form, read, write
from summit.programme.values import Programme

SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def sample() -> Callable[[str], bytes]:
    """The bytes of one of our own samples."""
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture(scope="session")
def real() -> Callable[[str], bytes]:
    """The bytes of a file that lies beside the repository."""
    return lambda name: shared(name).read_bytes()


@pytest.fixture(scope="session")
def xml_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(shared("schedule.xsd")))


@pytest.fixture(scope="session")
def json_schema() -> jsonschema.Draft6Validator:
    return jsonschema.Draft6Validator(
        json.loads(shared("schedule.schema.json").read_text()), format_checker=jsonschema.FormatChecker()
    )


@pytest.fixture(scope="session")
def written() -> Callable[[Programme, Form], bytes]:
    """A programme as a file, as the summit at that address would write it."""
    return write_it


@pytest.fixture(scope="session")
def again() -> Callable[[Programme, Form], Programme]:
    """A programme written and read."""
    return lambda programme, form: read(write_it(programme, form))


def write_it(programme: Programme, form: Form) -> bytes:
    return write(programme, form, base_url="https://summit.example", slug="lantern", generator_version="1.0")


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not there: it lies beside the repository, in ../shared/data")
    return path
