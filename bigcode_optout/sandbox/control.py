"""The stand-in's own switches under ``/_sandbox/``: faults, world, request log, personas, files of its pages."""

from collections.abc import Callable
from typing import Any

from .faults import Faults
from .messages import Request, Response, error_response, json_response
from .pages import file_response, people
from .request_log import RequestLog
from .world import World

PREFIX = "/_sandbox/"
# What may be done to the world from outside: methods of World.
WORLD_VERBS = (
    *(
        "add_account",
        "rename_account",
        "delete_account",
        "replace_account",
        "edit_profile",
        "block_app",
        "let_app_in",
    ),
    *("set_membership", "remove_membership", "add_repository", "rename_repository", "transfer_repository"),
    *("delete_repository", "replace_repository", "set_permission", "write_file", "remove_file"),
)
FAULT_FIELDS = {"path", "kind", "times", "seconds", "status", "after"}


class Control:
    """Answers ``/_sandbox/…``; nothing here exists on GitHub."""

    def __init__(self, world: World, faults: Faults, log: RequestLog) -> None:
        self.world, self.faults, self.log = world, faults, log
        self.steps: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "faults"): lambda request: json_response(self.faults.waiting()),
            ("POST", "faults"): self.add_fault,
            ("DELETE", "faults"): self.clear_faults,
            ("GET", "requests"): lambda request: json_response(self.log.rows()),
            ("DELETE", "requests"): self.clear_requests,
            ("GET", "personas"): self.list_personas,
            ("POST", "world"): self.change_world,
        }

    def answer(self, request: Request) -> Response | None:
        """The answer, or None if nothing is there."""
        name = request.path.removeprefix(PREFIX)
        step = self.steps.get((request.method, name))
        if step is not None:
            return step(request)
        return file_response(name) if request.method in ("GET", "HEAD") else None

    def add_fault(self, request: Request) -> Response:
        """``POST faults``: 201, or 422 with a sentence."""
        fields = request.fields()
        try:
            self.faults.add(**_fault_arguments(fields))
        except ValueError as error:
            return error_response(422, str(error))
        return json_response(self.faults.waiting(), 201)

    def clear_faults(self, request: Request) -> Response:
        """``DELETE faults``."""
        self.faults.clear()
        return Response(204)

    def clear_requests(self, request: Request) -> Response:
        """``DELETE requests``."""
        self.log.clear()
        return Response(204)

    def change_world(self, request: Request) -> Response:
        """``POST world`` with a verb and its arguments by name: 204, or 422 with a sentence."""
        fields = request.fields()
        verb = fields.pop("verb", "")
        if verb not in WORLD_VERBS:
            return error_response(422, f"verb is one of {', '.join(WORLD_VERBS)}")
        try:
            getattr(self.world, verb)(**fields)
        except (KeyError, TypeError, ValueError) as error:
            return error_response(422, f"{verb}: {error}")
        return Response(204)

    def list_personas(self, request: Request) -> Response:
        """``GET personas``: login, id, title and sentence of everybody one can be."""
        with self.world.lock:
            rows = people(self.world)
        keys = ("login", "id", "title", "sentence")
        values = [(account.login, account.id, title, sentence) for account, title, sentence in rows]
        return json_response([dict(zip(keys, row, strict=True)) for row in values])


def _fault_arguments(fields: dict[str, Any]) -> dict[str, Any]:
    if not {"path", "kind"} <= fields.keys() <= FAULT_FIELDS:
        raise ValueError("send a JSON object with path and kind, and if wanted times, seconds, status, after")
    numbers = {
        name: fields[name] for name in ("times", "seconds", "status", "after") if fields.get(name) is not None
    }
    if not all(isinstance(value, int | float) and value >= 0 for value in numbers.values()):
        raise ValueError("times, seconds, status and after are numbers")
    if not isinstance(fields["path"], str) or not isinstance(fields["kind"], str):
        raise ValueError("path and kind are texts")
    return fields
