"""Messages over files: there when they are whole, each taken once."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from celery import current_app

from bigcode_optout.core import file_broker

QUEUE = "whole-messages"


@pytest.fixture
def channel():
    """Of a connection as the site makes it on the embedded settings."""
    with current_app.connection_for_write("filesystem://localhost//") as connection:
        assert isinstance(connection.default_channel, file_broker.Channel)
        yield connection.default_channel


def test_a_message_is_not_there_before_it_is_whole(channel, monkeypatch):
    put_in_place = Path.replace

    def watched(unfinished, target):
        with pytest.raises(Empty):
            channel._get(QUEUE)
        put_in_place(unfinished, target)

    monkeypatch.setattr(Path, "replace", watched)
    channel._put(QUEUE, {"body": "whole"})
    assert channel._get(QUEUE) == {"body": "whole"}


def test_whoever_takes_while_another_puts_gets_every_message_once(channel):
    putting = threading.Thread(target=lambda: [channel._put(QUEUE, number) for number in range(300)])
    putting.start()
    taken = []
    while putting.is_alive() or channel._size(QUEUE):
        try:
            taken.append(channel._get(QUEUE))
        except Empty:
            continue
    assert sorted(taken) == list(range(300))
