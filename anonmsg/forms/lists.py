"""Lists in a form, such as page rules and blocks: what was sent, put in order, and the buttons that change a list.

An entry's fields are named ``LIST-KEY-FIELD``, and a list may stand inside an entry. Order is the order in which the
fields were sent; keys only tell entries apart, so that scripts may add and move entries without renaming what is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonmsg.message import new_id

Pairs = list[tuple[str, str]]
"""A form as it was sent: names and values in order."""

NEW = "9999"
"""The key of an entry that a button adds: a number, and behind all others."""

ID_FIELDS = ("-id", "-question")
"""What the names of fields end in that hold an id: an entry's own, or that of a question whose answer decides."""


def blank(kind: str) -> str:
    """Stands for the name of an entry in the template that scripts copy for a new one of this kind."""
    return f"__{kind}__"


def numbered(pairs: Iterable[tuple[str, str]], name: str) -> Pairs:
    """The same form with the keys of the list ``name`` replaced by 0, 1, 2 …"""
    numbers: dict[str, int] = {}
    renamed = []
    for field, value in pairs:
        if key := key_of(field, name):
            number, rest = numbers.setdefault(key, len(numbers)), field.removeprefix(f"{name}-{key}")
            renamed.append((f"{name}-{number}{rest}", value))
        else:
            renamed.append((field, value))
    return renamed


def entries(pairs: Iterable[tuple[str, str]], name: str) -> dict[str, Pairs]:
    """What was sent for each of a list's entries, by key, in order."""
    found: dict[str, Pairs] = {}
    for pair in pairs:
        if key := key_of(pair[0], name):
            found.setdefault(key, []).append(pair)
    return found


def key_of(field: str, name: str) -> str:
    """The key of the entry that the field belongs to; empty when it belongs to no entry of this list."""
    return field.removeprefix(f"{name}-").partition("-")[0] if field.startswith(f"{name}-") else ""


def change(pairs: Pairs, order: str) -> tuple[Pairs, str]:
    """Carry out a button's order on the form; answers with the changed form and the name of the entry to look at.

    Orders: ``add LIST TYPE``, ``remove LIST-KEY``, ``copy LIST-KEY``, ``up LIST-KEY``, ``down LIST-KEY``. Any other
    changes nothing.
    """
    verb, _, target = order.partition(" ")
    name, _, key = target.rpartition("-")
    match verb:
        case "add":
            name, _, type = target.partition(" ")
            return [*pairs, (f"{name}-{NEW}-type", type)], f"{name}-{len(entries(pairs, name))}"
        case "remove":
            return [pair for pair in pairs if not pair[0].startswith(f"{target}-")], name
        case "copy":
            return _copied(pairs, name, key)
        case "up" | "down":
            return _moved(pairs, name, key, -1 if verb == "up" else 1)
    return pairs, ""


def _copied(pairs: Pairs, name: str, key: str) -> tuple[Pairs, str]:
    """The copy stands behind its original, under ids of its own: two of the same would be mistaken for each other. What
    a question in it decides, the copy of that question decides in the copy."""
    inside = entries(pairs, name)
    if key not in inside:
        return pairs, ""
    copy = [(f"{name}-{NEW}{field.removeprefix(f'{name}-{key}')}", value) for field, value in inside[key]]
    others = {value: new_id(value[0]) for field, value in copy if field.endswith("-id") and value}
    fresh = [(field, others.get(value, value) if field.endswith(ID_FIELDS) else value) for field, value in copy]
    last = pairs.index(inside[key][-1]) + 1
    return [*pairs[:last], *fresh, *pairs[last:]], f"{name}-{list(inside).index(key) + 1}"


def _moved(pairs: Pairs, name: str, key: str, by: int) -> tuple[Pairs, str]:
    inside = entries(pairs, name)
    order = list(inside)
    if key not in order:
        return pairs, ""
    at = order.index(key)
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    moved = [pair for each in order for pair in inside[each]]
    return [pair for pair in pairs if not key_of(pair[0], name)] + moved, f"{name}-{to}"
