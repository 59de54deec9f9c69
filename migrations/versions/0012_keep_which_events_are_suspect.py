"""Keep which events are suspect, and on which websites a site's events are made."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEX = "ix_event_site_id_message_id_received_at_suspect"


def upgrade() -> None:
    op.add_column("site", sa.Column("websites", sa.Text(), server_default="", nullable=False))
    op.add_column("event", sa.Column("suspect", sa.String(length=10), nullable=True))
    columns, some = ["site_id", "message_id", "received_at", "suspect"], sa.text("suspect IS NOT NULL")
    op.create_index(INDEX, "event", columns, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_index(INDEX, "event")
    op.drop_column("event", "suspect")
    op.drop_column("site", "websites")
