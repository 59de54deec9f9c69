"""Random regexes, many of them near the border between quick and endless."""

from __future__ import annotations

from random import Random

ATOMS = ["a", "b", "/", "-", "ab", "[ab]", "[^/]", "[^-]", ".", "[a/]", r"\w", r"\b", "a*-", "[ab]+/", r"-\w*"]
NESTED = ["(-[ab]*)*", "([^-]*-)*", "(/[^/]*)+", "($|)", "(||a)", "(a|-)", r"(\b|a)"]
REPETITIONS = ["", "", "", "*", "+", "?", "*?", "{0,5}", "{2}", "{1,3}"]
DEPTH = 2


def made(random: Random) -> str:
    return random.choice(["", "^"]) + _choices(random, DEPTH) + random.choice(["", "x", "$"])


def _choices(random: Random, depth: int) -> str:
    return "|".join(_series(random, depth) for _ in range(random.choice([1, 1, 1, 2])))


def _series(random: Random, depth: int) -> str:
    return "".join(_repeated(random, depth) for _ in range(random.randint(1, 4)))


def _repeated(random: Random, depth: int) -> str:
    if depth and random.random() < 0.3:
        return f"({_choices(random, depth - 1)}){random.choice(REPETITIONS)}"
    atom = random.choice(ATOMS + NESTED)
    return atom if atom == r"\b" or atom[-1] in "*+" else atom + random.choice(REPETITIONS)
