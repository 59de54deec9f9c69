"""How much there can be of anything in a message."""

from __future__ import annotations


class Limits:
    """The bounds of a message, one place for forms, JSON Schema and database."""

    NAME = 120
    DESCRIPTION = 1_000
    PRIORITY = 1_000_000
    RULES = 50
    RULE_VALUE = 500
    REGEX = 200
    """Characters of a regex. Longer ones are where catastrophic backtracking hides."""
    TIMES = 10_000
    GAP_SECONDS = 366 * 24 * 3600
    WIDTH = (240, 720)
    """Pixels."""
    YEARS = (2000, 9998)
    """Of start and end, on their own clock. Nearer to the ends of the calendar, clocks cannot be converted."""
    STEPS = 10
    BLOCKS = 50
    HEADING = 200
    TEXT = 2_000
    PARAGRAPHS = 50
    RUNS = 100
    ITEMS = 30
    LABEL = 80
    OPTION = 200
    OPTIONS = 20
    ANSWER = 1_000
    """Characters of a text that a visitor types."""
    BRANCHES = 20
    URL = 2_048
    ALT = 300
    PIXELS = 10_000
    SPACER = (4, 160)
    """Pixels."""
    EVENT = 200
    CONDITIONS = 20
    HOLDOUT = 90
    """Percent of the visitors who may be kept from seeing a message."""
    LANGUAGES = 20
    SELECTOR = 200
    PAGES = (1, 1_000)
    SECONDS = (1, 3_600)
    PERCENT = (1, 100)
    """Of the way that a page can be scrolled."""
    COLOUR = 20
    """Characters of what may be meant as a colour; anonmsg/theme.py says which is one."""
    FAMILY = 64
    TEXT_SIZE = (12, 24)
    """Pixels, as the next two."""
    RADIUS = (0, 40)
    SPACING = (8, 48)
    Z_INDEX = (1, 2_147_483_647)
    PROPERTIES = 50
    PROPERTY_NAME = 100
    PROPERTY = 400
    ID = 64
