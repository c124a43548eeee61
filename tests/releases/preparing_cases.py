"""Somebody of the stand-in whose code stands accepted, and a worker that prepares a release."""

from bigcode_optout.core import clock
from bigcode_optout.releases import preparing, readiness, services, tasks
from bigcode_optout.removals import drafting
from bigcode_optout.removals import services as removals
from bigcode_optout.removals import tasks as removal_tasks
from bigcode_optout.removals.submission import ScopeChoice, Submission
from tests.builders import account_claim, the_stack

ADDRESS = "quillon@saltmarsh.example"
WHO = "quillon-marsh"


def accepted_single(user, repository):
    name = f"{WHO}/{repository.name}"
    drafting.choose_scope(
        by=user,
        dataset=the_stack(),
        submission=Submission((ScopeChoice(account_claim(user).pk, "repository", name),)),
        known_ids={name: repository.id},
    )
    draft = drafting.describe(by=user, dataset=the_stack(), ground="", message="", email=ADDRESS)
    request = removals.submit(by=user, draft_id=draft.pk)
    removal_tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "accepted"
    return request


def prepare(release, *, runs=1):
    """Begin unless it was begun, and let a worker come by so often."""
    last = readiness.newest(release)
    if last is None or last.finished_at:
        last = preparing.begin(release_id=release.pk, by=None)
    for _ in range(runs):
        tasks.prepare(last.pk)
    last.refresh_from_db()
    return last


def outcomes(preparation):
    return {(row.kind, row.name): row.outcome for row in preparation.rechecks.all()}


def rules_of(release):
    frozen = services.freeze(release_id=release.pk, by=None)
    return {(one.kind, one.name, one.repo_id, one.name_valid_until) for one in services.rules_of(frozen)}


def asked(sandbox, path):
    return sum(1 for row in sandbox.requests.rows() if path in row["path"])


def today():
    return clock.now().date()
