"""Validate answers against the extract of GitHub's OpenAPI description."""

import functools
import json
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

PATH = Path(__file__).with_name("openapi") / "github.json"
URN = "urn:github"


@functools.cache
def whole() -> Any:
    return json.loads(PATH.read_text(encoding="utf-8"))


@functools.cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(whole(), default_specification=DRAFT4)
    return Registry().with_resource(URN, resource)


@functools.cache
def validator(pointer: str) -> Any:
    """A validator for the schema at a JSON pointer into the description."""
    return OAS30Validator({"$ref": f"{URN}#{pointer}"}, registry=_registry())


def errors(body: Any, path: str, status: int = 200, method: str = "get") -> list[str]:
    """What is wrong with ``body`` as the answer of an operation; empty if it is as described."""
    response = whole()["paths"][path][method]["responses"][str(status)]
    start = response["$ref"].removeprefix("#") if "$ref" in response else _pointer(path, method, status)
    return [
        error.message for error in validator(f"{start}/content/application~1json/schema").iter_errors(body)
    ]


def schema_errors(body: Any, name: str) -> list[str]:
    """What is wrong with ``body`` as one of the named schemas."""
    return [error.message for error in validator(f"/components/schemas/{name}").iter_errors(body)]


def required_keys(name: str) -> list[str]:
    return whole()["components"]["schemas"][name]["required"]


def _pointer(path: str, method: str, status: int) -> str:
    return f"/paths/{path.replace('/', '~1')}/{method}/responses/{status}"
