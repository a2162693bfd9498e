"""a room tells when its votes have changed; receipts are found by their person without an index more

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("room") as batch_op:
        batch_op.add_column(sa.Column("voted", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("receipt") as batch_op:
        batch_op.drop_index("ix_receipt_person_id")
        batch_op.drop_constraint("pk_receipt", type_="primary")
        batch_op.create_primary_key("pk_receipt", ["person_id", "session_id", "ref"])
