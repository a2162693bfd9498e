"""Where templates and static files stand: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """The folder `templates` or `static`."""
    inside = _PACKAGE / "_files" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
