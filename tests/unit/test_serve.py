"""Starting from the command line."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from anonmsg.serve import refuse_taken
from anonmsg.settings import BadSetting, Settings


def test_a_taken_port_stops_the_start_with_a_sentence(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        taken = replace(settings, port=other.getsockname()[1])
        with pytest.raises(BadSetting, match=rf"Cannot serve on 127.0.0.1:{taken.port}.*set PORT"):
            refuse_taken(taken)


def test_a_free_port_is_fine(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    refuse_taken(replace(settings, port=free))
