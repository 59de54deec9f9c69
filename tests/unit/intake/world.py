"""A site with a launched message, with words for sending calls to it and for what is kept of them."""

from __future__ import annotations

import itertools
import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from anonmsg import metrics
from anonmsg.db import db, reading
from anonmsg.intake import receipts, recount
from anonmsg.models import Counter, Event, Message, Person, Receipt, Seen, Site, Visitor, people

LAUNCHED = datetime(2026, 11, 20, tzinfo=UTC)
NOON = "2026-11-24T12:00:00.000Z"
"""When calls are made."""
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
"""When they are received."""


@dataclass
class World:
    app: Flask
    site: Site
    message: Message
    _ids: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def basic(self) -> str:
        """The site key as HTTP Basic says it."""
        return b64encode(f"{self.site.key}:".encode()).decode()

    def post(self, path: str, body: object, **options: Any) -> TestResponse:
        """As a website would: no cookie, no form token. ``body`` is sent as JSON unless it is bytes already."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.app.test_client(use_cookies=False).open(path, method="POST", data=data, **options)

    def send(self, *calls: dict[str, Any]) -> TestResponse:
        """One batch, which must be taken in whole."""
        answer = self.post("/v1/batch", {"batch": calls, "writeKey": self.site.key})
        assert (answer.status_code, answer.json) == (200, {"success": True, "rejected": []})
        return answer

    def call(self, type: str, **fields: Any) -> dict[str, Any]:
        """A call with an id of its own, made by a visitor of the site."""
        return {"type": type, "messageId": f"c{next(self._ids)}", "anonymousId": "ann", "timestamp": NOON, **fields}

    def happened(self, what: str, anonymous_id: str = "ann", **properties: Any) -> dict[str, Any]:
        """A message event, for example ``happened("Clicked", button_id="b1")``."""
        properties = {"message_id": self.message.id, "version": 1, **properties}
        return self.call("track", event=f"Message {what}", anonymousId=anonymous_id, properties=properties)

    def totals(self) -> metrics.Totals:
        return self.numbers().totals

    def numbers(self) -> metrics.MessageMetrics:
        with self.app.app_context(), reading():
            return metrics.of(db.session.get_one(Message, self.message.id))

    def events(self) -> list[Event]:
        with self.app.app_context(), reading():
            return list(db.session.scalars(select(Event).order_by(Event.seq)))

    def people(self) -> list[dict[str, Any]]:
        with self.app.app_context(), reading():
            return [profile.to_json() for profile in people(self.site)]

    def differences(self) -> list[str]:
        """Where the counters are not what the events say."""
        with self.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
            return recount.differences(cursor)

    def balance(self) -> receipts.Balance:
        with self.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
            return receipts.balance(cursor, self.site.id)

    def forget(self) -> None:
        """Start over: nothing of visitors is kept."""
        with self.app.app_context():
            for table in (Visitor, Person, Seen, Counter, Event, Receipt):
                db.session.execute(delete(table))
            db.session.commit()
