"""Keep what became of the calls received."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_receipt_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "outcome", "reason", "shard", name=op.f("pk_receipt")),
    )
    # Of what came before, only what was accepted and is still here is known.
    for outcome in ("received", "accepted"):
        op.execute(
            f"""
            INSERT INTO receipt (site_id, outcome, reason, shard, total)
            SELECT site_id, '{outcome}', '', 0, count(*) FROM event GROUP BY site_id"""  # noqa: S608 (our own words)
        )


def downgrade() -> None:
    op.drop_table("receipt")
