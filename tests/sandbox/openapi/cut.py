"""Cut the operations that the stand-in serves out of GitHub's OpenAPI description.

Usage: ``python cut.py api.github.com.json``; writes ``github.json`` beside this script. The input is the file
``generated/api.github.com.json`` of the npm package ``@octokit/openapi`` 23.0.2 (MIT, see LICENSE here).
"""

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = {
    "/user": ["get"],
    "/users/{username}": ["get"],
    "/user/{account_id}": ["get"],
    "/user/memberships/orgs/{org}": ["get"],
    "/user/orgs": ["get"],
    "/orgs/{org}": ["get"],
    "/orgs/{org}/members": ["get"],
    "/orgs/{org}/public_members": ["get"],
    "/repos/{owner}/{repo}": ["get"],
    "/users/{username}/repos": ["get"],
    "/orgs/{org}/repos": ["get"],
    "/repos/{owner}/{repo}/collaborators/{username}/permission": ["get"],
    "/repos/{owner}/{repo}/contents/{path}": ["get"],
    "/gists/{gist_id}": ["get"],
    "/applications/{client_id}/grant": ["delete"],
    "/applications/{client_id}/token": ["delete", "post"],
    "/rate_limit": ["get"],
}
# Prose and samples take nine tenths of the file and say nothing to a validator.
PROSE = {"description", "summary", "examples", "example", "externalDocs", "x-github", "tags", "title"}
NAMED = {"properties", "schemas", "responses", "parameters", "headers", "patternProperties"}


def main(source: Path) -> None:
    """Write the extract of the description in ``source``; raises KeyError if an operation is not in it."""
    whole = json.loads(source.read_text(encoding="utf-8"))
    paths = {
        path: {method: without_prose(whole["paths"][path][method]) for method in methods}
        for path, methods in OPERATIONS.items()
    }
    extract = {
        "openapi": whole["openapi"],
        "info": {"title": "Extract of GitHub's REST API description", "version": whole["info"]["version"]},
        "paths": paths,
        "components": referenced_components(whole, paths),
    }
    target = Path(__file__).with_name("github.json")
    text = json.dumps(extract, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8")


def without_prose(node: Any, *, names: bool = False) -> Any:
    """``node`` without descriptions and samples; ``names``: its keys are names given by GitHub, all kept."""
    if isinstance(node, list):
        return [without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_prose(value, names=not names and key in NAMED)
        for key, value in node.items()
        if names or key not in PROSE
    }


def referenced_components(whole: dict[str, Any], start: Any) -> dict[str, Any]:
    """All that ``start`` refers to, directly or through others, as ``{kind: {name: component}}``."""
    kept: dict[str, Any] = {}
    waiting = references(start)
    while waiting:
        reference = waiting.pop()
        kind, name = reference.removeprefix("#/components/").split("/")
        if kind == "examples" or name in kept.get(kind, {}):
            continue
        component = without_prose(whole["components"][kind][name])
        kept.setdefault(kind, {})[name] = component
        waiting |= references(component)
    return kept


def references(node: Any) -> set[str]:
    """Every ``$ref`` below ``node``, and the targets of discriminator mappings."""
    if isinstance(node, list):
        return set().union(*(references(item) for item in node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*(references(value) for value in node.values()))
    if isinstance(node.get("$ref"), str):
        found.add(node["$ref"])
    mapping = node.get("discriminator", {})
    if isinstance(mapping, dict) and "propertyName" in mapping:
        found |= set(mapping.get("mapping", {}).values())
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
