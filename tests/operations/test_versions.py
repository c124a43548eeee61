"""One version of each thing, wherever it is named; and no secret in a file that is shipped."""

import re
from pathlib import Path

import yaml

from tests.operations.example_environment import EMPTY_ON_PURPOSE, ROOT, compose, example, filled_in

DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
CI = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["all"]
SERVICES = compose(filled_in())["services"]


def _version(image: str) -> str:
    """`15.15` of `postgres:15.15-bookworm`."""
    found = re.fullmatch(r"[a-z]+:(\d+(?:\.\d+)+)-[a-z-]+", image)
    assert found, f"{image} is not pinned"
    return found[1]


def test_compose_ci_and_docs_name_the_same_postgresql_and_redis() -> None:
    for service, title in (("postgres", "PostgreSQL"), ("redis", "Redis")):
        image = SERVICES[service]["image"]
        assert CI["services"][service]["image"] == image
        assert f"{title} {_version(image)}" in OPERATIONS


def test_image_ci_and_docs_name_the_same_python() -> None:
    version = re.search(r"^FROM python:([\d.]+)-slim-bookworm$", DOCKERFILE, re.MULTILINE)
    assert version
    setup = next(step for step in CI["steps"] if "setup-python" in step.get("uses", ""))
    assert setup["with"]["python-version"] == version[1]
    assert f"Python {version[1]}" in OPERATIONS
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text()
    assert version[1].startswith("3.11.")


def test_every_requirement_is_pinned_to_one_version() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[A-Za-z0-9_.-]+(\[[a-z0-9,]+\])?==[\w.]+", line), line


def test_the_image_installs_the_same_requirements_and_does_not_run_as_root() -> None:
    assert "--requirement requirements.txt" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["desk"]


def test_every_service_has_a_health_check_but_the_one_that_ends() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_the_example_environment_holds_no_usable_secret() -> None:
    given = example()
    assert {name: given[name] for name in EMPTY_ON_PURPOSE} == dict.fromkeys(EMPTY_ON_PURPOSE, "")


def test_every_variable_of_the_settings_is_described_in_the_docs() -> None:
    settings = "".join(path.read_text() for path in Path(ROOT / "bigcode_optout" / "settings").glob("*.py"))
    names = set(re.findall(r'(?:env\.\w+|_needed)\(\s*"([A-Z_]+)"', settings))
    assert "SECRET_KEY" in names
    assert {name for name in names if f"`{name}`" not in OPERATIONS} == set()


def test_ci_runs_the_one_script_and_the_makefile_has_the_words() -> None:
    assert CI["steps"][-1]["run"] == ".ci/run"
    makefile = (ROOT / "Makefile").read_text()
    words = ["demo", "setup", "run", "worker", "test", "e2e", "check", "fix", "bench", "docs"]
    assert [word for word in words if not re.search(rf"^{word}:.*## \S", makefile, re.MULTILINE)] == []
