"""counting in rooms: what changes in a room without an event

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counted", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reworded", sa.Integer(), nullable=False, server_default="0"))
