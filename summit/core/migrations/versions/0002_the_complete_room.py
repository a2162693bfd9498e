"""the complete room

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("summit_id", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audit_entry_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_audit_entry_summit_made_at", ["summit_id", "made_at"], unique=False)

    op.create_table(
        "live_rules",
        sa.Column("summit_id", sa.String(length=20), nullable=False),
        sa.Column("blocked_words", sa.JSON(), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.Column("names_to_moderators", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["summit_id"], ["summit.id"], name=op.f("fk_live_rules_summit_id_summit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("summit_id", name=op.f("pk_live_rules")),
    )
    op.create_table(
        "answer_request",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("session_id", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_answer_request_made_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["room.session_id"], name=op.f("fk_answer_request_session_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_request")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_answer_request_token_hash")),
    )
    with op.batch_alter_table("answer_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_request_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_request_session_id"), ["session_id"], unique=False)

    op.create_table(
        "desk_message",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("session_id", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.String(length=20), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_desk_message_author_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["room.session_id"], name=op.f("fk_desk_message_session_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_message")),
    )
    with op.batch_alter_table("desk_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_message_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_message_session_id"), ["session_id"], unique=False)

    op.create_table(
        "hand",
        sa.Column("session_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hand_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["room.session_id"], name=op.f("fk_hand_session_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_hand")),
    )
    with op.batch_alter_table("hand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_person_id"), ["person_id"], unique=False)

    op.create_table(
        "poll",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("session_id", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("low", sa.String(length=100), nullable=False),
        sa.Column("high", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_poll_made_by_person"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["room.session_id"], name=op.f("fk_poll_session_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_poll_session_id"), ["session_id"], unique=False)

    op.create_table(
        "reaction_count",
        sa.Column("session_id", sa.String(length=20), nullable=False),
        sa.Column("reaction", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["room.session_id"], name=op.f("fk_reaction_count_session_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "reaction", name=op.f("pk_reaction_count")),
    )
    op.create_table(
        "ballot",
        sa.Column("poll_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ballot_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id_poll"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll_id", "person_id", "choice", name=op.f("pk_ballot")),
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_person_id", ["person_id"], unique=False)

    op.create_table(
        "poll_word",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("poll_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_word_poll_id_poll"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_word")),
        sa.UniqueConstraint("poll_id", "key", name=op.f("uq_poll_word_poll_id")),
    )
    op.create_table(
        "question_change",
        sa.Column("question_id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=100), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_change_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_change_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "version", name=op.f("pk_question_change")),
    )
    with op.batch_alter_table("question_change", schema=None) as batch_op:
        batch_op.create_index("ix_question_change_ref", ["person_id", "ref"], unique=False)

    op.create_table(
        "sanction",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("summit_id", sa.String(length=20), nullable=False),
        sa.Column("session_id", sa.String(length=20), nullable=True),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("question_id", sa.String(length=20), nullable=True),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=True),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_sanction_made_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sanction_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_sanction_question_id_question"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["room.session_id"], name=op.f("fk_sanction_session_id_room"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["summit_id"], ["summit.id"], name=op.f("fk_sanction_summit_id_summit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
    )
    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanction_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanction_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanction_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanction_session_id"), ["session_id"], unique=False)
        batch_op.create_index("ix_sanction_summit_person", ["summit_id", "person_id"], unique=False)

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named_to_moderators", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("picked", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("reply_by", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("merged_into_id", sa.String(length=20), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"),
            "question",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("everywhere_id", sa.String(length=20), nullable=True))
        batch_op.create_index(batch_op.f("ix_announcement_everywhere_id"), ["everywhere_id"], unique=False)

    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voting", sa.String(length=10), nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("slow_seconds", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("stream", sa.Text(), nullable=False, server_default="main"))
        batch_op.add_column(sa.Column("wall", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("screen_key", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("lead_id", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("lead_name", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_room_lead_id"), ["lead_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_room_lead_id_person"), "person", ["lead_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("via_id", sa.String(length=20), nullable=True))
        batch_op.create_index(batch_op.f("ix_vote_via_id"), ["via_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_vote_via_id_question"), "question", ["via_id"], ["id"], ondelete="SET NULL"
        )

    question = sa.table("question", sa.column("state", sa.String()), sa.column("shown", sa.Boolean()))
    seen = ("open", "answering", "answered", "merged")
    op.execute(question.update().where(question.c.state.in_(seen)).values(shown=True))
