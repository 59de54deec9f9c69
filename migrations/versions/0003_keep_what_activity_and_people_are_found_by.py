"""Keep what activity and people are found by, and what a site keeps and for how long."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = [("name", "seq"), ("message_id", "seq"), ("anonymous_id", "at"), ("user_id", "at")]
NAMES = ("name", "firstName", "lastName", "first_name", "last_name", "username")
WEEK_MS = 7 * 24 * 3600 * 1000


def upgrade() -> None:
    for column, order in INDEXES:
        some = sa.text(f"{column} IS NOT NULL")
        name = f"ix_event_site_id_{column}_{order}"
        op.create_index(name, "event", ["site_id", column, order], sqlite_where=some, postgresql_where=some)
    op.create_index("ix_person_site_id_created_at_id", "person", ["site_id", "created_at", "id"])
    op.create_table(
        "erased",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("button_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("visitors", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_erased_message_id_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "kind", "button_id", "day", name=op.f("pk_erased")),
    )
    op.create_table(
        "person_word",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("word", sa.String(length=255, collation="C").with_variant(sa.String(255), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_word_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_person_word_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "word", "person_id", name=op.f("pk_person_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_person_word_person_id"), "person_word", ["person_id"])
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("stripped_parameters", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("identified_at", sa.BigInteger(), nullable=False, server_default="0"))
    connection = op.get_bind()
    say_when_visitors_were_identified(connection)
    find_people_by_their_words(connection)
    count_gains(connection)


def say_when_visitors_were_identified(connection: sa.Connection) -> None:
    """A claim begins with its time in microseconds."""
    for site_id, anonymous_id, claim in connection.execute(
        sa.text("SELECT site_id, anonymous_id, claim FROM visitor")
    ).all():
        connection.execute(
            sa.text("UPDATE visitor SET identified_at = :at WHERE site_id = :site AND anonymous_id = :id"),
            {"at": int.from_bytes(bytes(claim)[:8]) // 1000, "site": site_id, "id": anonymous_id},
        )


def find_people_by_their_words(connection: sa.Connection) -> None:
    people = connection.execute(sa.text("SELECT id, site_id, user_id, email, traits FROM person")).all()
    for id, site_id, user_id, email, kept in people:
        traits = {name: value for name, (value, _order) in json.loads(kept).items() if isinstance(value, str)}
        names = " ".join(traits.get(name, "") for name in NAMES)
        words = {user_id or "", email or "", traits.get("email", ""), *names.split()}
        for word in {word.strip().casefold()[:255] for word in words} - {""}:
            connection.execute(
                sa.text("INSERT INTO person_word (site_id, word, person_id) VALUES (:site, :word, :person)"),
                {"site": site_id, "word": word, "person": id},
            )


def count_gains(connection: sa.Connection) -> None:
    connection.execute(
        sa.text(
            """
            INSERT INTO seen (message_id, day, kind, button_id, visitor)
            SELECT DISTINCT e.message_id, -1, 'gain', '', v.anonymous_id FROM visitor v
            JOIN event e ON e.site_id = v.site_id AND e.anonymous_id = v.anonymous_id AND e.kind = 'view'
            WHERE e.at BETWEEN v.identified_at - :week AND v.identified_at"""
        ),
        {"week": WEEK_MS},
    )
    connection.execute(
        sa.text(
            """
            INSERT INTO counter (message_id, day, kind, button_id, total, visitors)
            SELECT message_id, -1, 'gain', '', count(*), count(*) FROM seen WHERE kind = 'gain' GROUP BY message_id"""
        )
    )


def downgrade() -> None:
    op.execute("DELETE FROM seen WHERE kind = 'gain'")
    op.execute("DELETE FROM counter WHERE kind = 'gain'")
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_column("identified_at")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("stripped_parameters")
        batch_op.drop_column("retention_days")
    op.drop_table("person_word")
    op.drop_table("erased")
    op.drop_index("ix_person_site_id_created_at_id", "person")
    for column, order in INDEXES:
        op.drop_index(f"ix_event_site_id_{column}_{order}", "event")
