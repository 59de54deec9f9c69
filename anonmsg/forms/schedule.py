"""The fourth step: when it starts and ends, typed as a clock in the chosen zone shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from wtforms import Form, FormField, RadioField, SelectField
from wtforms.validators import ValidationError

from anonmsg import wallclock
from anonmsg.forms.base import StepForm
from anonmsg.forms.fields import CHOOSE, LocalTimeField, OnlyWhen, options
from anonmsg.message import VISITORS_ZONE, Schedule, Shape

PICK = "Choose a date and a time."


def zone_choices() -> list[Any]:
    """All zones by part of the world, with today's offsets."""
    return _zone_choices(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1)
def _zone_choices(hour: datetime) -> list[Any]:
    zones = wallclock.zones().items()
    groups = (options(wallclock.with_offsets(names, hour), area or "Everywhere") for area, names in zones)
    return [*options([(VISITORS_ZONE, "Each visitor’s own")], "Everywhere"), *chain.from_iterable(groups)]


def _local(at: datetime, zone: str) -> datetime:
    """What a clock shows: one in the zone, or a visitor's own."""
    return wallclock.to_local(at, zone) if at.tzinfo else at


def _shown(at: datetime, zone: str) -> datetime:
    """What the field shows of it, which is no finer than seconds."""
    return _local(at, zone).replace(microsecond=0)


class ScheduleFields(Form):
    start = RadioField("Start", choices=options([("now", "Start now"), ("at", "Start at")]), default="now", **CHOOSE)
    starts_at = LocalTimeField("Start date and time", [OnlyWhen("start", "at", PICK)])
    end = RadioField("End", choices=options([("never", "Never ends"), ("at", "Ends at")]), default="never", **CHOOSE)
    ends_at = LocalTimeField("End date and time", [OnlyWhen("end", "at", PICK)])
    zone = SelectField("Time zone", choices=zone_choices, default="UTC", validate_choice=False)

    def validate_zone(self, field: SelectField) -> None:
        if field.data != VISITORS_ZONE and not wallclock.is_zone(field.data):
            raise ValidationError("Choose a time zone of the list.")

    def validate_starts_at(self, field: LocalTimeField) -> None:
        self._check(field)

    def validate_ends_at(self, field: LocalTimeField) -> None:
        self._check(field)

    def _check(self, field: LocalTimeField) -> None:
        if not field.data or not wallclock.is_zone(self.zone.data):
            return
        try:
            wallclock.to_utc(field.data, self.zone.data)
        except wallclock.NoSuchTime as error:
            raise ValidationError(str(error)) from error

    @classmethod
    def values_of(cls, schedule: Schedule) -> dict[str, Any]:
        return {
            "start": "at" if schedule.starts_at else "now",
            "starts_at": schedule.starts_at and _local(schedule.starts_at, schedule.zone),
            "end": "at" if schedule.ends_at else "never",
            "ends_at": schedule.ends_at and _local(schedule.ends_at, schedule.zone),
            "zone": schedule.zone,
        }

    def values(self, before: Schedule) -> dict[str, Any]:
        return {
            "starts_at": self._instant(self.starts_at, before.starts_at, before) if self.start.data == "at" else None,
            "ends_at": self._instant(self.ends_at, before.ends_at, before) if self.end.data == "at" else None,
            "zone": self.zone.data,
        }

    def _instant(self, field: LocalTimeField, stored: datetime | None, before: Schedule) -> datetime:
        """What was typed, in UTC or by visitors' own clocks. A stored time that reads the same is kept: it may be the
        later of two so called."""
        assert field.data, "validated before"  # noqa: S101
        if stored and before.zone == self.zone.data and _shown(stored, before.zone) == field.data:
            return stored
        return field.data if self.zone.data == VISITORS_ZONE else wallclock.to_utc(field.data, self.zone.data)

    def notes(self) -> list[str]:
        """What to know about times that the clock shows twice."""
        chosen = ((self.start, self.starts_at), (self.end, self.ends_at))
        times = [field.data for mode, field in chosen if mode.data == "at" and field.data]
        zone = self.zone.data
        return [
            f"The clocks in {zone} are put back that night and show {at:%H:%M} twice: the earlier is meant."
            for at in times
            if zone != VISITORS_ZONE and wallclock.is_ambiguous(at, zone)
        ]


class ScheduleForm(StepForm):
    FIELDS = ("schedule",)

    schedule = FormField(ScheduleFields, "Schedule")

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        return {"schedule": ScheduleFields.values_of(shape.schedule)}

    def values(self, before: Shape) -> dict[str, Any]:
        fields = self.schedule.form
        self.notes = fields.notes()
        return {"schedule": fields.values(before.schedule)}
