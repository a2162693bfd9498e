"""Alembic's environment: runs on the connection that `summit.core.migrations` hands over."""

from alembic import context

from summit.core.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, user_module_prefix=""
)
context.run_migrations()
