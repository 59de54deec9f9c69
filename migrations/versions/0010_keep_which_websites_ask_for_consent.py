"""Keep which websites ask for consent."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sighting", sa.Column("levelled_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("sighting", "levelled_at")
