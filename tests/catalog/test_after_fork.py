"""A server forks while a thread of it looks something up: the child must not wait for a thread that it has not got."""

import os
import signal

import pytest

from bigcode_optout.catalog import indexes, serving

ALARM_SECONDS = 5


@pytest.mark.parametrize("module", [indexes, serving])
def test_a_lock_that_was_held_at_a_fork_is_free_in_the_child(module):
    with module._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(ALARM_SECONDS)
            os._exit(0 if module._lock.acquire(timeout=ALARM_SECONDS / 2) else 1)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert module._lock.acquire(blocking=False)
    module._lock.release()
