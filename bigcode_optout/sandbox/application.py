"""The whole stand-in as one function from request to response, apart from any socket."""

from collections.abc import Mapping
from dataclasses import replace

from . import api, pages, sign_in
from .calls import API_PREFIX
from .control import PREFIX, Control
from .edits import Edits
from .fault_changes import CHANGES
from .fault_kinds import KINDS, Fault
from .faults import KNOWN_KINDS, Faults
from .limits import WINDOW_SECONDS, RateLimits
from .messages import Request, Response
from .request_log import RequestLog
from .world import World

DEFAULT_CLIENTS: Mapping[str, str] = {"sandbox-client": "sandbox-secret"}
LOOPBACK_NAMES = ("127.0.0.1", "localhost")


class Application:
    """A world and the switches over it; ``clients`` maps the registered apps' ids to their secrets."""

    def __init__(
        self,
        world: World,
        clients: Mapping[str, str] | None = None,
        *,
        hourly: int | None = None,
        hour_seconds: int = WINDOW_SECONDS,
    ) -> None:
        self.world = world
        self.clients = dict(DEFAULT_CLIENTS if clients is None else clients)
        self.faults = Faults()
        self.log = RequestLog()
        self.limits = RateLimits(clock=lambda: world.clock(), hourly=hourly, hour_seconds=hour_seconds)
        self.control = Control(world, self.faults, self.log)
        self.edits = Edits(world)

    def answer(self, request: Request) -> Response:
        """Answer and log; the stand-in's own switches are neither logged nor made to fail."""
        if request.header("host").partition(":")[0] not in LOOPBACK_NAMES:
            return pages.problem_page("Wrong address", "The stand-in answers on this machine only.", 421)
        if request.path.startswith(PREFIX):
            return self.control.answer(request) or self._nothing_here()
        fault = self.faults.take(request)
        response = self._faulty(fault, request) if fault else self._proper(request)
        self.log.record(request, response)
        return response

    def _faulty(self, fault: Fault, request: Request) -> Response:
        if fault.kind in CHANGES:
            return CHANGES[fault.kind](fault, request, self._proper(_unconditional(request)))
        response = KINDS[fault.kind](fault, request)
        if not request.path.startswith(API_PREFIX):
            return response
        return api.dress(response, request, self.world, self.clients, self.limits)

    def _proper(self, request: Request) -> Response:
        if request.path.startswith(API_PREFIX + "/"):
            return api.answer(request, self.world, self.clients, self.limits)
        if request.path.startswith("/login/oauth/"):
            return sign_in.answer(request, self.world, self.clients) or self._nothing_here()
        if request.path == "/":
            with self.world.lock:
                return pages.home_page(self.world, KNOWN_KINDS, len(self.faults.waiting()))
        return self.edits.answer(request) or self._nothing_here()

    def _nothing_here(self) -> Response:
        sentence = (
            "The stand-in has only what the opt-out desk asks of GitHub: signing in, and a part of the API."
        )
        return pages.problem_page("Nothing is here", sentence, 404)


def _unconditional(request: Request) -> Request:
    """The request without its etag: a changed answer is never the unchanged one."""
    headers = {name: value for name, value in request.headers.items() if name != "if-none-match"}
    return replace(request, headers=headers)
