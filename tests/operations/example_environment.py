"""Production's environment, made from .env.example and docker-compose.yml, with secrets made up for the moment.

`python -m tests.operations.example_environment manage.py check --deploy` runs a command of ours in it.
"""

import os
import re
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bigcode_optout.exclusionlist import SigningKey

ROOT = Path(__file__).resolve().parents[2]
EMPTY_ON_PURPOSE = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "POSTGRES_PASSWORD": secrets.token_hex(24),
    "GITHUB_CLIENT_ID": "example-client",
    "GITHUB_CLIENT_SECRET": secrets.token_hex(20),
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}
# The key's file of .env.example is in a volume, which is nowhere here.
IN_A_VOLUME = {
    "EXCLUSION_SIGNING_KEY": SigningKey.generate().to_pem().decode(),
    "EXCLUSION_SIGNING_KEY_FILE": "",
}


def example() -> dict[str, str]:
    """The lines of .env.example as they stand."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def filled_in() -> dict[str, str]:
    """The same with its empty secrets filled in."""
    return example() | EMPTY_ON_PURPOSE | IN_A_VOLUME


def compose(environment: Mapping[str, str]) -> dict[str, Any]:
    """docker-compose.yml with `${NAME}`, `${NAME:-default}` and `${NAME:?message}` filled in, and `$$` as `$`."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    def fill(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        value = environment.get(match["name"], "")
        if value or match["kind"] is None:
            return value
        if match["kind"] == ":?":
            raise KeyError(f"{match['name']}: {match['word']}")
        return match["word"]

    pattern = r"\$\$|\$\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<word>[^}]*))?\}"
    # Comments may speak of variables without meaning them.
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found: dict[str, Any] = yaml.safe_load(re.sub(pattern, fill, bare))
    return found


def of_service(name: str) -> dict[str, str]:
    """What the container of that service has in its environment."""
    environment = filled_in()
    own = compose(environment)["services"][name]["environment"]
    return environment | {variable: str(value) for variable, value in own.items()}


def main() -> None:
    """Run a command of ours as the web container would."""
    with tempfile.TemporaryDirectory() as data:
        os.environ.update(of_service("web") | {"DATA_DIR": data})
        sys.exit(os.spawnv(os.P_WAIT, sys.executable, [sys.executable, *sys.argv[1:]]))


if __name__ == "__main__":
    main()
