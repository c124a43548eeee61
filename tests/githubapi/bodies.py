"""Bodies as GitHub sends them, with only the keys that the product reads."""

from typing import Any


def user_body(**changes: Any) -> dict[str, Any]:
    body = {"id": 101, "login": "quillon-marsh", "type": "User", "created_at": "2012-03-04T05:06:07Z"}
    return body | changes


def organisation_body(**changes: Any) -> dict[str, Any]:
    body = {
        "id": 900,
        "login": "norrvik-instruments",
        "type": "Organization",
        "description": "Instruments",
        "blog": "",
        "location": None,
        "created_at": "2015-01-02T00:00:00Z",
    }
    return body | changes


def membership_body(**changes: Any) -> dict[str, Any]:
    body = {
        "state": "active",
        "role": "admin",
        "organization": {"id": 900, "login": "norrvik-instruments"},
        "user": {"id": 101, "login": "quillon-marsh"},
    }
    return body | changes


def repository_body(**changes: Any) -> dict[str, Any]:
    body = {
        "id": 5001,
        "full_name": "quillon-marsh/tidepool",
        "owner": {"id": 101, "login": "quillon-marsh", "type": "User"},
        "fork": False,
        "private": False,
        "created_at": "2016-07-08T09:10:11Z",
        "permissions": {"admin": True, "push": True, "pull": True},
    }
    return body | changes
