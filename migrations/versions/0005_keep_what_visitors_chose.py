"""Keep what visitors chose."""

import json
from collections import Counter
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEX = "ix_event_message_id_button_id_seq"
Last = dict[tuple[str, str, str], set[str]]
"""The keys of what was chosen last, by message, question and visitor."""
CHOSEN = ("single", "multiple", "rating", "nps")


def upgrade() -> None:
    op.add_column("event", sa.Column("choices", sa.Text(), nullable=True))
    some = sa.text("kind = 'answer'")
    op.create_index(INDEX, "event", ["message_id", "button_id", "seq"], sqlite_where=some, postgresql_where=some)
    connection = op.get_bind()
    count(connection, note(connection, questions(connection)))


def questions(connection: sa.Connection) -> set[tuple[str, str]]:
    """Every question that is answered by choosing, with its message."""
    found: set[tuple[str, str]] = set()
    for message, content in connection.execute(sa.text("SELECT message_id, content FROM version")).all():
        try:
            waiting = [json.loads(content)]
        except ValueError:  # a row that was written past the app: nobody saw it
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict) and node.get("type") == "question" and node.get("kind") in CHOSEN:
                found.add((message, str(node.get("id"))))
            waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found


def note(connection: sa.Connection, asked: set[tuple[str, str]]) -> Last:
    """Write down what was chosen in each answer; the last of each visitor."""
    last: Last = {}
    answers = sa.text(
        """
        SELECT seq, message_id, button_id, coalesce(anonymous_id, user_id), body
        FROM event WHERE kind = 'answer' AND button_id IS NOT NULL ORDER BY at, key"""
    )
    for seq, message, question, visitor, body in connection.execute(answers).all():
        if (message, question) in asked:
            answer = json.loads(body)["properties"]["answer"]
            given = answer if isinstance(answer, list) else [answer]
            keys = {blake2b(f"{question}\0{choice}".encode(), digest_size=8).hexdigest() for choice in given}
            last[message, question, visitor] = keys
            values = {"choices": " ".join(sorted(keys)), "seq": seq}
            connection.execute(sa.text("UPDATE event SET choices = :choices WHERE seq = :seq"), values)
    return last


def count(connection: sa.Connection, last: Last) -> None:
    rows = [(message, key, visitor) for (message, _question, visitor), keys in last.items() for key in keys]
    seen = (
        "INSERT INTO seen (message_id, day, kind, button_id, visitor) VALUES (:message, -1, 'choice', :key, :visitor)"
    )
    for message, key, visitor in rows:
        connection.execute(sa.text(seen), {"message": message, "key": key, "visitor": visitor})
    counter = """
        INSERT INTO counter (message_id, day, kind, button_id, total, visitors)
        VALUES (:message, -1, 'choice', :key, :total, :total)"""
    for (message, key), total in Counter((message, key) for message, key, _visitor in rows).items():
        connection.execute(sa.text(counter), {"message": message, "key": key, "total": total})


def downgrade() -> None:
    op.drop_index(INDEX, "event")
    for table in ("counter", "seen", "erased"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'choice'")  # noqa: S608 (our own words)
    op.drop_column("event", "choices")
