"""calendars

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_invitation",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("summit_id", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_invitation_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "uid", name=op.f("pk_calendar_invitation")),
    )
    with op.batch_alter_table("calendar_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_invitation_summit_id"), ["summit_id"], unique=False)

    op.create_table(
        "calendar_mark",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("summit_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_mark")),
    )
    with op.batch_alter_table("calendar_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_mark_summit_id"), ["summit_id"], unique=False)

    with op.batch_alter_table("calendar_address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tag", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invitations", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("alarm_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("alarm_set_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Double(), nullable=True))
