"""Where the `summit` command begins: all that the commands need is taken in without a look for garbage in between."""

import gc


def main() -> None:
    """Runs the command. What is imported stays for good, so the collector need never look through it."""
    gc.disable()
    from summit.cli import app

    gc.freeze()
    gc.enable()
    app()
