"""Rich text as marketers type it, and the runs that it stands for.

A line is a paragraph (or a list's item). ``**bold**``, ``_italic_`` and ``[text](https://…)`` may be mixed and nested.
A backslash before any of these characters takes its meaning away; at the end of a line it keeps the paragraph going on
the next one. What has no counterpart, such as a single ``**``, stands for itself. Nothing is lost on the way from runs
to text and back but what cannot be seen: empty runs and lines, and where one run ends and an equal one begins.

An editor of rich text speaks HTML instead (:func:`to_html`, :func:`from_html`); nothing of it but runs is kept, and
every line end begins a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import groupby, pairwise

import nh3
from msgspec.structs import replace

from anonmsg.message import Limits, Run

Line = tuple[Run, ...]

_TOKEN = re.compile(
    r"""
    (?P<escape>\\[\\*_\[\]\n])
  | (?P<bold>\*\*)
  | (?P<italic>_)
  | (?P<open>\[)
  | (?P<close>\]\((?P<url>(?:\\[\\()\n]|[^\\)\n])*)\))
  | (?P<line>\n)
  | (?P<text>[^\\*_\[\]\n]+|.)
    """,
    re.VERBOSE,
)
_MARKS = {"bold": "**", "italic": "_"}
_STYLES = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic"}
_LINES = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "pre", "tr", "br"}
_TAGS = {*_STYLES, *_LINES, "a"}


def read(text: str) -> tuple[Line, ...]:
    """The lines that this text stands for; blank ones are left out."""
    tokens = list(_TOKEN.finditer(text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (list(group) for is_end, group in groupby(tokens, lambda token: token.lastgroup == "line") if not is_end)
    return normal(_runs(line) for line in lines)


def write(lines: Iterable[Iterable[Run]]) -> str:
    """Text that :func:`read` takes for these lines. Characters are escaped only in lines that would be misread."""
    return "\n".join(_written(line) for line in normal(lines))


def to_html(lines: Iterable[Iterable[Run]]) -> str:
    """The lines as an editor of rich text takes them."""
    return "<br>".join("".join(_element(run) for run in line) for line in normal(lines))


def from_html(html: str) -> tuple[Line, ...]:
    """The lines that an editor of rich text made. Whatever is no text, bold, italic or link is left out."""
    reader = _Reader()
    reader.feed(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None))
    reader.close()
    return normal(reader.lines)


def normal(lines: Iterable[Iterable[Run]]) -> tuple[Line, ...]:
    """The same lines with neighbours in one style joined, as far as a run may be long, and without blank lines."""
    joined = (tuple(_joined(line)) for line in lines)
    return tuple(line for line in joined if "".join(run.text for run in line).strip())


def _joined(line: Iterable[Run]) -> Iterator[Run]:
    for style, runs in groupby((run for run in line if run.text), lambda run: replace(run, text="")):
        text = "".join(run.text for run in runs).replace("\r\n", "\n").replace("\r", "\n")
        for start in range(0, len(text), Limits.TEXT):
            yield replace(style, text=text[start : start + Limits.TEXT])


def _runs(tokens: Sequence[re.Match[str]]) -> Iterator[Run]:
    style = Run(text="")
    marks = _marks(tokens)
    for at, token in enumerate(tokens):
        kind = token.lastgroup if at in marks else "text"
        if kind in _MARKS:
            style = replace(style, **{kind: not getattr(style, kind)})
        elif kind in ("open", "close"):
            style = replace(style, link=marks[at])
        else:
            yield replace(style, text=token[0][1:] if token["escape"] else token[0])


def _marks(tokens: Sequence[re.Match[str]]) -> dict[int, str | None]:
    """The places of the tokens that mark something because they have a counterpart; for a link's start also its URL."""
    marks: dict[int, str | None] = {}
    for kind in _MARKS:
        places = [at for at, token in enumerate(tokens) if token.lastgroup == kind]
        marks |= dict.fromkeys(places[: len(places) // 2 * 2])
    links = [at for at, token in enumerate(tokens) if token.lastgroup in ("open", "close")]
    for start, end in pairwise(links):
        if tokens[start].lastgroup == "open" and tokens[end].lastgroup == "close":
            marks |= {start: re.sub(r"\\([\\()\n])", r"\1", tokens[end]["url"]), end: None}
    return marks


def _written(line: Line) -> str:
    plain = _marked(line, "\n")
    return plain if read(plain) == (line,) else _marked(line, r"\\*_\[\]\n")


def _marked(line: Line, special: str) -> str:
    """The line with marks where the style changes, and a backslash before each special character of its text."""
    written, before = "", Run(text="")
    for run in (*line, Run(text="")):
        if before.link is not None and before.link != run.link:
            written += "](" + re.sub(r"([\\()\n])", r"\\\1", before.link) + ")"
        written += "".join(mark for kind, mark in _MARKS.items() if getattr(run, kind) != getattr(before, kind))
        if run.link is not None and before.link != run.link:
            written += "["
        written += re.sub(f"([{special}])", r"\\\1", run.text)
        before = run
    return written


def _element(run: Run) -> str:
    html = escape(run.text).replace("\n", "<br>")
    for tag, style in (("em", "italic"), ("strong", "bold")):
        html = f"<{tag}>{html}</{tag}>" if getattr(run, style) else html
    return html if run.link is None else f'<a href="{escape(run.link)}">{html}</a>'


class _Reader(HTMLParser):
    """Collects runs from HTML that was cleaned, so that every tag in it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[Run]] = [[]]
        self.styles = [Run(text="")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self.lines.append([])
        else:
            change = {"link": dict(attrs).get("href")} if tag == "a" else {_STYLES[tag]: True}
            self.styles.append(replace(self.styles[-1], **change))

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self.lines.append([])
        else:
            self.styles.pop()

    def handle_data(self, data: str) -> None:
        """Editors write the second of two spaces, and a space at an end, as one that does not break."""
        text = re.sub("(?<= )\xa0|\xa0(?= )|^\xa0|\xa0$", " ", data.replace("\n", " "))
        self.lines[-1].append(replace(self.styles[-1], text=text))
