"""``python -m summit.core.migrations "what changes"`` writes a migration for what the models have, no database yet."""

import asyncio
import sys
from importlib import import_module

from summit.core.migrations import revise
from summit.settings import Settings

# All tables have to be known; this is no part of the running program, so core still knows no room there.
import_module("summit.app")
asyncio.run(revise(Settings().database_url, sys.argv[1]))
