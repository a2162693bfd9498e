"""the list of registrations

Revision: 0007, after 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_summit_made_at")
        batch_op.create_index("ix_registration_list", ["summit_id", "made_at", "id", "person_id"], unique=False)
