"""Messages that ask: one of each question, and a survey whose way depends on what is answered."""

from __future__ import annotations

from anonmsg.message import (
    Action,
    Block,
    Branch,
    Button,
    ButtonStyle,
    Dismiss,
    Display,
    DisplayKind,
    Divider,
    Email,
    Going,
    GoToStep,
    Heading,
    Marks,
    OpenUrl,
    PageRule,
    Position,
    Question,
    QuestionKind,
    Row,
    Shape,
    Spacer,
    Step,
    Submit,
)


def button(label: str, action: Action, style: ButtonStyle = ButtonStyle.PRIMARY) -> Button:
    """Its id is its label in small letters."""
    return Button(id=label.lower().replace(" ", "-"), label=label, style=style, action=action)


NEXT, BACK = GoToStep(to=Going.NEXT), GoToStep(to=Going.PREVIOUS)

ASKED: tuple[Block, ...] = (
    Question(id="why", label="What brought you here?", options=("A friend", "An ad", "A film"), required=True),
    Question(id="uses", kind=QuestionKind.MULTIPLE, label="What for?", options=("Work", "Fun"), required=True),
    Question(id="stars", kind=QuestionKind.RATING, label="How is it?", low="Poor", high="Great", required=True),
    Question(id="ease", kind=QuestionKind.RATING, label="How easy?", marks=Marks.NUMBERS),
    Question(id="score", kind=QuestionKind.NPS, label="Would you recommend it?", low="Never", high="Surely"),
    Question(id="words", kind=QuestionKind.TEXT, label="What else?", required=True),
    Email(id="mail", label="Your e-mail", consent="Yes, write to me."),
)

EVERYTHING = Shape(
    name="Everything",
    steps=(
        Step(
            "s1",
            (
                Heading(text="Tell us"),
                *ASKED,
                Divider(),
                Spacer(size=8),
                Row(columns=((button("Send", Submit()),), (button("Not now", Dismiss(), ButtonStyle.LINK),))),
            ),
        ),
    ),
)
"""All that can be asked, in one step."""

WHY = Question(id="why", label="What brought you here?", options=("A friend", "An ad"), required=True)
AD = GoToStep(to=Going.NEXT, when=(Branch("why", ("An ad",), "which"),))

SURVEY = Shape(
    name="Survey",
    page_rules=(PageRule(value="/pricing"),),
    display=Display(kind=DisplayKind.BANNER, position=Position.BOTTOM),
    steps=(
        Step("first", (Heading(text="One question"), WHY, button("Next", AD), button("No", Dismiss()))),
        Step(
            "mail",
            (
                Heading(text="Stay in touch"),
                Email(id="mail", label="Your e-mail", consent="Yes, write to me."),
                button("Back", BACK, ButtonStyle.SECONDARY),
                button("Join", GoToStep(step="thanks")),
            ),
        ),
        Step(
            "which",
            (
                Heading(text="Which ad?"),
                Question(id="words", kind=QuestionKind.TEXT, label="Where was it?"),
                button("Back from there", BACK, ButtonStyle.SECONDARY),
                button("On", GoToStep(step="mail")),
            ),
        ),
        Step("thanks", (Heading(text="Thank you!"), button("Shop", OpenUrl(url="/shop")))),
    ),
)
"""Three steps for those whom an ad brought, two for others, and thanks."""
