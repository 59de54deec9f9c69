"""Keep what was looked at before a launch."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("acknowledged", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("message", "acknowledged")
