"""A person signs in and submits, through the real services, in a process of its own: prints what came of it as JSON.

    python -m tests.operations.submit LOGIN GITHUB_ID EMAIL [--lose-broker-folder]

With `--lose-broker-folder` the folder of the messages is gone when the bell is rung.
"""

import json
import shutil
import sys
import time
from pathlib import Path

import django


def main(login: str, github_id: str, email: str, *flags: str) -> None:
    """Make the person, the draft, the request."""
    django.setup()
    from django.conf import settings

    from bigcode_optout.removals import services
    from tests.builders import make_draft, make_user

    user = make_user(int(github_id), login)
    draft = make_draft(user, email=email)
    if "--lose-broker-folder" in flags:
        shutil.rmtree(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])
    started = _own_clock()
    request = services.submit(by=user, draft_id=draft.pk)
    seconds = _own_clock() - started
    print(json.dumps({"id": request.pk, "reference": request.reference, "seconds": seconds}))


def _own_clock() -> float:
    """Seconds, those left out in which this process could have run and others did: a busy machine is no slow desk."""
    waits = Path("/proc/thread-self/schedstat")
    waited = int(waits.read_text().split()[1]) / 1e9 if waits.exists() else 0.0
    return time.monotonic() - waited


if __name__ == "__main__":
    main(*sys.argv[1:])
