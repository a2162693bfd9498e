"""what a person votes for is found in the index alone; of votes that were brought along, few are in one

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    brought_along = sa.text("via_id IS NOT NULL")
    op.drop_index("ix_vote_person_id", "vote")
    op.create_index("ix_vote_of_person", "vote", ["person_id", "question_id"])
    op.drop_index("ix_vote_via_id", "vote")
    op.create_index("ix_vote_via_id", "vote", ["via_id"], sqlite_where=brought_along, postgresql_where=brought_along)
