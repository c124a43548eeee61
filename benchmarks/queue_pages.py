"""Fill an empty database and call the desk's pages. A process of its own, because Django takes its settings once."""

import datetime as dt
import json
import os
import platform
import resource
import subprocess
import sys
import time
from statistics import median

import django

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))


def main() -> None:
    """Fill, measure, print."""
    request_count, located_count = int(sys.argv[1]), int(sys.argv[2])
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)

    from benchmarks.queue_rows import VERSIONS, fill
    from bigcode_optout.accounts.models import User
    from bigcode_optout.removals.models import LocatedRepository, RemovalRequest

    boss = User.objects.filter(username="boss").first()
    if boss is None:
        # A database that is full already is only measured.
        boss = User.objects.create_superuser("boss", password="a long pass phrase")
        others = [User.objects.create_user(name, is_staff=True) for name in ("e.thorne", "j.amadi", "k.sol")]
        mean = located_count // request_count // len(VERSIONS)
        started = time.perf_counter()
        fill(request_count=request_count, located_mean=mean, reviewers=[boss, *others])
        print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    measured = {
        "requests": RemovalRequest.objects.count(),
        "located": LocatedRepository.objects.count(),
        "rounds": ROUNDS,
        "day": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        "postgres": version,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
        "pages": pages(_senior(), boss),
        "audit": audit(),
    }
    print(json.dumps(measured))


def audit() -> dict:
    """`manage.py verify_audit` in a process of its own: how many events, how long, and its largest memory."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_audit", "--json"], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds = time.perf_counter() - started
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "events": json.loads(done.stdout)["events"],
        "seconds": seconds,
        "megabytes": kilobytes * 1024 / 1e6,
    }


def _senior() -> object:
    """A senior reviewer: what somebody may do is read from their groups, and that of a superuser from nothing."""
    from django.contrib.auth.models import Group

    from bigcode_optout.accounts.models import User
    from bigcode_optout.review.groups import SENIOR_REVIEWER

    user = User.objects.get(username="e.thorne")
    user.groups.add(Group.objects.get(name=SENIOR_REVIEWER))
    return user


def pages(user: object, boss: object) -> list[dict]:
    """Each page by name, with its milliseconds and queries: the desk's as `user`, the list of people as `boss`."""
    from django.urls import reverse

    from bigcode_optout.removals.models import RemovalRequest
    from tests.staff import staff_client

    client = staff_client(user)
    queue = reverse("admin:removals_removalrequest_changelist")
    waiting = RemovalRequest.objects.filter(state="in_review")
    largest = waiting.order_by("-queue_line__repository_count").first()
    usual = waiting.filter(queue_line__repository_count__lt=100).order_by("due_at").first()
    plan = client.post(queue, {"action": "accept", "_selected_action": [usual.pk], "select_across": "1"})
    addresses = {
        "index": reverse("admin:index"),
        "queue, what waits for us": queue,
        "queue, all": f"{queue}?waiting=all",
        "queue, all, in the middle": f"{queue}?waiting=all&p={RemovalRequest.objects.count() // 100}",
        "queue, six filters": f"{queue}?waiting=us&scope=account&proof=unproven&guard=name_taker&size=few&version=v3",
        "queue, by assignee and ground": f"{queue}?waiting=all&assignee=none&ground=licence",
        "search, reference": f"{queue}?q={usual.reference}",
        "search, half a reference": f"{queue}?q={usual.reference[:9]}",
        "search that finds a fifth of all": f"{queue}?q=account-4",
        "search that finds nearly all": f"{queue}?q=account",
        "search, repository": f"{queue}?q={largest.items.get().name}/repository-7",
        "search, repository’s number": f"{queue}?q={largest.pk * 10_000 + 7}",
        "request": reverse("admin:removals_removalrequest_change", args=[usual.pk]),
        "request with the most repositories": reverse(
            "admin:removals_removalrequest_change", args=[largest.pk]
        ),
        "its repositories": reverse("admin:removals_removalrequest_repositories", args=[largest.pk]),
        "bulk plan of 5,000": plan["Location"],
        "mails": reverse("admin:removals_outboxmessage_changelist"),
        "claims": reverse("admin:claims_claim_changelist"),
        "GitHub identities": reverse("admin:accounts_githubidentity_changelist"),
    }
    found = [measured(client, name, address) for name, address in addresses.items()]
    return [*found, measured(staff_client(boss), "people", reverse("admin:accounts_user_changelist"))]


def measured(client: object, name: str, address: str) -> dict:
    """One page."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, f"{name}: {response.status_code}"
    if os.environ.get("BENCH_QUERIES"):
        for one in captured.captured_queries:
            print(name, one["time"], one["sql"][:400], file=sys.stderr)
    query_count = len(captured.captured_queries)
    reset_queries()
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - started) * 1000)
    return {
        "name": name,
        "milliseconds": median(taken),
        "slowest": max(taken),
        "queries": query_count,
    }


if __name__ == "__main__":
    main()
