"""Keep the order of messages and a daily limit of views."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("rank", sa.Integer(), server_default="0", nullable=False))
    op.add_column("site", sa.Column("daily_limit", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("site", "daily_limit")
    op.drop_column("message", "rank")
