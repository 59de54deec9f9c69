"""Every block in each of its forms, as the editor leaves it: what the snippet draws, what forms send and read back."""

from __future__ import annotations

from anonmsg.message import (
    CHOICES,
    POINTS,
    Block,
    Branch,
    Button,
    ButtonStyle,
    Dismiss,
    Divider,
    Email,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    Marks,
    OpenUrl,
    Question,
    QuestionKind,
    Row,
    Run,
    Spacer,
    Submit,
    Target,
    Text,
    Track,
)


def _question(kind: QuestionKind) -> Question:
    """With all that its kind uses, and nothing else."""
    options = ("a", "b") if kind in CHOICES else ()
    low, high = ("No", "Yes") if kind in POINTS else ("", "")
    return Question(id="q1", kind=kind, label="How so?", options=options, low=low, high=high)


BLOCKS: list[Block] = [
    Heading(text="Join the club"),
    Text(
        paragraphs=((Run(text="10 % off", bold=True), Run(text=" now. ", italic=True), Run(text="Terms", link="/t")),)
    ),
    Text(paragraphs=((Run(text="one"),), (Run(text="two"),))),
    List(items=((Run(text="Free shipping"),),)),
    List(ordered=True, items=((Run(text="First"),), (Run(text="Second", bold=True, link="mailto:a@b.example"),))),
    Image(src="https://shop.example/mug.png", alt="A mug", width=600, height=300),
    Image(src="/mug.png"),
    Divider(),
    Spacer(size=24),
    *(Button(id="b1", label="Go", style=style, action=OpenUrl(url="/signup")) for style in ButtonStyle),
    *(Button(id="b1", label="Go", action=OpenUrl(url="tel:+431234", target=target)) for target in Target),
    Button(id="b1", label="Not now", action=Dismiss()),
    Button(id="b1", label="Back", action=GoToStep(step="s1")),
    Button(id="b1", label="Count me", action=Track(event="Counted", properties={"plan": "pro", "seats": 3, "x": None})),
    Row(columns=((Heading(text="Left"),), (Button(id="b1", label="Go", action=OpenUrl(url="#right")),))),
    Row(columns=((Divider(),), (Divider(),), (Spacer(),))),
    *(_question(kind) for kind in QuestionKind),
    Question(id="q1", kind=QuestionKind.RATING, label="How so?", marks=Marks.NUMBERS, required=True),
    Email(id="e1", label="Your e-mail", consent="You may write to me."),
    Email(id="e1", label="Your e-mail", identifies=False, required=False),
    Button(id="b1", label="Send", action=Submit()),
    *(Button(id="b1", label="Go", action=GoToStep(to=to)) for to in (Going.NEXT, Going.PREVIOUS)),
    Button(id="b1", label="On", action=GoToStep(step="s1", when=(Branch("q1", ("a", "5"), "s1"),))),
]
