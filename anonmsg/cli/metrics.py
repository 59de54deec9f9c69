"""Commands for the numbers of messages."""

from __future__ import annotations

import json
from typing import Any

import click

from anonmsg import metrics
from anonmsg.cli import sites
from anonmsg.cli.group import Group
from anonmsg.db import reading
from anonmsg.models import Site

group = Group("metrics", help="What was counted.")


@group.command("show")
@sites.option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(site: Site, as_json: bool) -> None:  # noqa: FBT001 (click passes options by name)
    """Print each message's views, unique viewers, clicks of each button, dismissals and answers."""
    with reading():
        found = {message.id: (message.name, metrics.of(message)) for message in site.messages}
    if as_json:
        click.echo(json.dumps({id: _numbers(numbers) for id, (_name, numbers) in found.items()}, indent=2))
        return
    for id, (name, numbers) in found.items():
        click.echo(f"{id}  {name}\n{_sentence(numbers)}\n")


def _numbers(numbers: metrics.MessageMetrics) -> dict[str, Any]:
    """The contract's numbers; with ``answers`` by question where the message asks something, ``held_out`` where
    visitors were, and ``suspect`` where events of the last 30 days were not counted."""
    held_out = numbers.totals.held_out
    answers = {each.asked.id: _answers(each) for each in numbers.questions}
    return {
        "views": numbers.totals.views,
        "unique_viewers": numbers.totals.unique_viewers,
        "clicks": {button.id: button.clicks for button in numbers.buttons},
        "dismissals": numbers.totals.dismissals,
        **({"answers": answers} if answers else {}),
        **({"held_out": held_out} if held_out else {}),
        **({"suspect": numbers.suspects} if numbers.suspects else {}),
    }


def _answers(given: metrics.QuestionAnswers) -> dict[str, Any]:
    """How many visitors answered, and what they chose, by option or number."""
    choices = {str(each.choice): each.visitors for each in given.choices}
    return {"visitors": given.visitors, **({"choices": choices} if choices else {})}


def _sentence(numbers: metrics.MessageMetrics) -> str:
    """The numbers on a line for the message and one for each button and question."""
    total = numbers.totals
    buttons = [f"  {button.clicks} clicks on “{button.label}” ({button.id})" for button in numbers.buttons]
    first = f"  {total.views} views by {total.unique_viewers} visitors, {total.dismissals} dismissals"
    first += f", {total.held_out} visitors held out" if total.held_out else ""
    first += f", {sum(numbers.suspects.values())} suspect events not counted" if numbers.suspects else ""
    asked = [(each.visitors, each.asked) for each in numbers.questions]
    answers = [f"  {visitors} visitors answered “{block.label}” ({block.id})" for visitors, block in asked]
    return "\n".join([first, *buttons, *answers])
