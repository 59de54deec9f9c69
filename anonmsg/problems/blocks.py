"""What is wrong with a block of a message."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg import links
from anonmsg.links import url_problem
from anonmsg.message import Block, Button, Email, Heading, Image, List, Question, Row, Run, Shape, Text
from anonmsg.problems.buttons import in_button
from anonmsg.problems.links import in_link
from anonmsg.problems.problem import Problem
from anonmsg.problems.questions import in_question
from anonmsg.problems.texts import is_blank


def in_block(block: Block, where: str, shape: Shape) -> Iterator[Problem]:
    """Of a row, in all of its columns."""
    match block:
        case Row():
            for at, column in enumerate(block.columns):
                for index, inner in enumerate(column):
                    yield from in_block(inner, f"{where}.columns.{at}.{index}", shape)
        case Heading() if is_blank(block.text):
            yield Problem("error", "heading_empty", f"{where}.text", "Type the heading, or remove it.")
        case Text():
            yield from _lines(block.paragraphs, f"{where}.paragraphs", "Type the text, or remove it.")
        case List():
            yield from _lines(block.items, f"{where}.items", "Type the list, one item a line, or remove it.")
        case Image():
            yield from _image(block, where)
        case Button():
            yield from in_button(block, where, shape)
        case Question() | Email():
            yield from in_question(block, where)


def _lines(lines: tuple[tuple[Run, ...], ...], where: str, empty: str) -> Iterator[Problem]:
    if all(is_blank(run.text) for line in lines for run in line):
        yield Problem("error", "text_empty", where, empty)
    for line in lines:
        for run in line:
            if run.link is not None:
                yield from in_link(run.link, where)


def _image(block: Image, where: str) -> Iterator[Problem]:
    if not block.src:
        yield Problem(
            "error", "image_missing", f"{where}.src", "Upload an image or paste its address, or remove the block."
        )
    elif text := url_problem(block.src, schemes=("https", "http")):
        yield Problem("error", "url_invalid", f"{where}.src", f"The image's address {text}.")
    elif text := links.dead(block.src):
        yield Problem("incomplete", "url_dead", f"{where}.src", text)
    elif links.is_insecure(block.src):
        text = "Pages that come by https show no image that comes by http. Upload it, or write https:// if it is there."
        yield Problem("warning", "image_insecure", f"{where}.src", text, about=block.src)
    if is_blank(block.alt):
        text = "Describe the image for those who cannot see it."
        yield Problem("warning", "no_alt", f"{where}.alt", text, about=block.src)
