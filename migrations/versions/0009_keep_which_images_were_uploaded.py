"""Keep which images were uploaded."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "image",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("widths", sa.String(length=40), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_image_created_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_image_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "hash", name=op.f("pk_image")),
    )


def downgrade() -> None:
    op.drop_table("image")
