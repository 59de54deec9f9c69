"""How often one visitor sees a message."""

from __future__ import annotations

from anonmsg.message import AfterClick, Frequency
from anonmsg.sentences.durations import duration

NUMBERS = {1: "once", 2: "twice"}


def frequency(frequency: Frequency) -> str:
    """How often one visitor sees it, and what ends it."""
    clicked = "" if frequency.after_click is AfterClick.KEEP else " or clicked a button that opens a page"
    return f"{_how_often(frequency)}. It stops once the visitor closed it{clicked}."


def _how_often(frequency: Frequency) -> str:
    if frequency.limit is None:
        return "Shows on every matching page" + _apart(frequency, ", at most once in {}")
    if frequency.limit == 1:
        return "Each visitor sees it once"
    return f"Each visitor sees it at most {times(frequency.limit)}" + _apart(frequency, ", at least {} apart")


def example(frequency: Frequency) -> str:
    """The same for one visitor, so that it can be pictured: ``Anna sees it at most twice, a day apart, unless …``"""
    acts = "closes it" if frequency.after_click is AfterClick.KEEP else "closes it or follows its button"
    if frequency.limit is None:
        return f"Anna sees it on every matching page{_apart(frequency, ', at most once in {}')}, until she {acts}."
    if frequency.limit == 1:
        return "Anna sees it once, and then never again."
    return f"Anna sees it at most {times(frequency.limit)}{_apart(frequency, ', {} apart')}, unless she {acts} before."


def briefly(frequency: Frequency) -> str:
    """The same in the middle of a sentence: ``at most twice, a day apart``."""
    if frequency.limit is None:
        apart = _apart(frequency, "at most once in {}, ")
        return f"{apart}until the visitor closes it"
    return "once" if frequency.limit == 1 else f"at most {times(frequency.limit)}" + _apart(frequency, ", {} apart")


def _apart(frequency: Frequency, words: str) -> str:
    return words.format(duration(frequency.gap_seconds)) if frequency.gap_seconds else ""


def times(count: int) -> str:
    return NUMBERS.get(count, f"{count:,} times")
