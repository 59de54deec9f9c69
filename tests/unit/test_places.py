"""Where a mistake of a file stands, as marketers read it."""

from __future__ import annotations

import pytest

from anonmsg.places import in_words

PLACES = {
    "$": "",
    "$[0]": "Message 1",
    "$.name": "Name",
    "$[0].name": "Message 1, name",
    "$[1].steps[1].blocks[2].label": "Message 2, step 2, block 3, label",
    "$.steps[0].blocks[1].columns[1][0].action.url": "Step 1, block 2, column 2, block 1, action, url",
    "$[2].page_rules[0].value": "Message 3, page rule 1, value",
    "$.schedule.ends_at": "Schedule, ends at",
    "$.steps[0].blocks[0].action.properties[...]": "Step 1, block 1, action, properties",
    ".steps[0].blocks[0].options[3]": "Step 1, block 1, option 4",
    ".steps[0].blocks[0].action.when[1].answers[0]": "Step 1, block 1, action, branch 2, answer 1",
}


@pytest.mark.parametrize(("path", "words"), PLACES.items(), ids=PLACES)
def test_a_place_is_said_in_the_words_of_the_wizard(path: str, words: str) -> None:
    assert in_words(path) == words
