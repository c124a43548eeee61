"""What BigCode's older scripts drop from the data, after request, review, freeze and export."""

import os

import pytest

from bigcode_optout.releases import exporting
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_draft, make_index, make_reviewer, make_user
from tests.exclusionlist.legacy_reader import four_lists
from tests.releases.builders import accepted_request, frozen

pytestmark = pytest.mark.django_db
DATA = [
    "otter-quay/kelp",
    "Otter-Quay/Reef",
    "OTTER-QUAY/Tide",
    "Tern-Hollow/notes",
    "tern-hollow/Notes-Old",
    "fen-walker/one",
    "Fen-Walker/ONE",
    "fen-walker/two",
    "otter-quay-2/kelp",
    "somebody/else",
]


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    monkeypatch.setitem(os.environ, "HF_DATASETS_OFFLINE", "1")
    import datasets  # late: it reads the environment when it is imported

    datasets.disable_progress_bars()
    return lambda folder: datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]


def test_the_older_scripts_drop_what_was_asked_in_every_spelling_and_nothing_else(db, tmp_path, load):
    make_index(tmp_path, [(name, None, 10) for name in DATA])
    accepted_request(make_user(501, "otter-quay"))
    files_only(make_user(502, "tern-hollow"))
    accepted_request(make_user(503, "fen-walker"), ("fen-walker/One",))
    exporting.export(release=frozen(), format="legacy-json", by=None, output=tmp_path / "list")

    rows = load(tmp_path / "list")
    assert len(rows) == 1
    lists = four_lists(rows[0])
    assert {name for name in DATA if lists.drops(name)} == set(DATA) - {
        "fen-walker/two",
        "otter-quay-2/kelp",
        "somebody/else",
    }
    everything = {"otter-quay", "Otter-Quay", "OTTER-QUAY"}
    assert lists.accounts_for_commits == lists.accounts_for_issues == everything


def files_only(user):
    """An accepted request for an account's files, without commits and issues."""
    request = removals.submit(by=user, draft_id=make_draft(user, commits=False, issues=False).pk)
    removals.begin_review(request_id=request.pk)
    reviewer = type(user).objects.filter(username="e.thorne").first() or make_reviewer()
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    removals.decide(by=reviewer, request_id=request.pk, verdicts={request.items.get().pk: accept})
