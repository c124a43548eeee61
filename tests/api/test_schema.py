"""What the description says is what the API does: schemathesis asks every address in many ways."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from bigcode_optout.catalog import serving
from tests.api.releases import Scope, token

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
    checks.unsupported_method,
]
OF_A_RELEASE = {
    *("release", "exclusions", "manifest", "signature", "card", "keyed_key"),
    *("delta", "delta_manifest", "delta_signature", "send_verification"),
}
OTHERS = {"releases", "look_up", "keys"}
# What takes nothing but text from the address cannot be asked wrongly.
TAKES_MORE = (OF_A_RELEASE - {"release", "keyed_key"}) | {"look_up"}


@pytest.fixture
def described(release, settings):
    """The description, as it is served, with the site behind it in this process."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000000/minute")
    serving.forget_versions()
    # The test's transaction must outlive each call, as under Django's own test client.
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    for signal in ends:
        signal.connect(close_old_connections)
    serving.forget_versions()


def operations(described) -> dict[str, schemathesis.APIOperation]:
    found = [result.ok() for result in described.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


@pytest.mark.parametrize(
    ("mode", "known", "expected"),
    [
        (GenerationMode.POSITIVE, {"name": "v3.2"}, OF_A_RELEASE),
        (GenerationMode.POSITIVE, {}, OF_A_RELEASE | OTHERS),
        (GenerationMode.NEGATIVE, {}, TAKES_MORE),
    ],
    ids=["a known release", "any release", "wrongly asked"],
)
def test_no_answer_is_undocumented_and_none_is_5xx(described, mode, known, expected):
    found = operations(described)
    assert set(found) == OF_A_RELEASE | OTHERS
    statuses = {name: asked(found[name], mode, known) for name in sorted(expected)}
    assert all(statuses.values())
    if known:
        # Nobody guesses the name of another release, or a whole report.
        without_200 = {name for name, seen in statuses.items() if 200 not in seen}
        assert without_200 <= {"delta", "delta_manifest", "delta_signature", "send_verification"}


def asked(operation, mode, known) -> set[int]:
    """Ask one address in many ways; return the statuses of its answers."""
    statuses = set()
    headers = {"Authorization": f"Bearer {token(*Scope)}"}

    @settings(max_examples=30, phases=[Phase.generate], database=None, derandomize=True)
    @given(case=operation.as_strategy(mode, path_parameters=known or None))
    def ask(case):
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        statuses.add(answer.status_code)

    ask()
    return statuses
