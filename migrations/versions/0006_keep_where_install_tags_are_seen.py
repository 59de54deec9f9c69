"""Keep where install tags are seen."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=True),
        sa.Column("tags", sa.Integer(), nullable=True),
        sa.Column("skew", sa.Integer(), nullable=True),
        sa.Column("library", sa.String(length=80), nullable=True),
        sa.Column("wrong_key", sa.String(length=40), nullable=True),
        sa.Column("wrong_key_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sighting_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "host", name=op.f("pk_sighting")),
    )


def downgrade() -> None:
    op.drop_table("sighting")
