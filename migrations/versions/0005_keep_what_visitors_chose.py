"""Keep what visitors chose."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEX = "ix_event_message_id_button_id_seq"


def upgrade() -> None:
    op.add_column("event", sa.Column("choices", sa.Text(), nullable=True))
    some = sa.text("kind = 'answer'")
    op.create_index(INDEX, "event", ["message_id", "button_id", "seq"], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_index(INDEX, "event")
    for table in ("counter", "seen", "erased"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'choice'")  # noqa: S608 (our own words)
    op.drop_column("event", "choices")
