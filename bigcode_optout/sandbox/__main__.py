"""``python -m bigcode_optout.sandbox``: run the stand-in until it is stopped."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from .application import Application
from .limits import WINDOW_SECONDS
from .pages import people
from .server import LOOPBACK, SandboxServer
from .world_file import load_world


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; exit code 0 then, 2 for a wrong argument, 1 if the port is taken."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.host != LOOPBACK:
        parser.error(f"the stand-in listens on {LOOPBACK} only")
    try:
        world = load_world(options.personas)
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f"{options.personas} cannot be read: {error!r}")
    application = Application(
        world,
        {options.client_id: options.client_secret},
        hourly=options.hourly,
        hour_seconds=options.hour_seconds,
    )
    try:
        server = SandboxServer(options.port, application)
    except OSError as error:
        print(f"cannot listen on port {options.port}: {error}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"GitHub stand-in on {server.url} (not GitHub). Personas:", flush=True)
    for account, title, _ in people(world):
        print(f"  {account.login:18} {title}", flush=True)
    return _serve(server)


def _serve(server: SandboxServer) -> int:
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.closing.set()
    finally:
        server.server_close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bigcode_optout.sandbox", description="A stand-in for GitHub, for demo and tests."
    )
    parser.add_argument("--host", default=LOOPBACK, help="only 127.0.0.1 is accepted")
    parser.add_argument("--port", type=int, default=8901, help="0 takes any free one")
    parser.add_argument("--personas", type=Path, help="JSON file of the world; default: the one shipped")
    parser.add_argument(
        "--hourly", type=int, help="requests an hour for everybody; default: as GitHub grants"
    )
    parser.add_argument(
        "--hour-seconds", type=int, default=WINDOW_SECONDS, help="how long such an hour lasts"
    )
    parser.add_argument("--client-id", default="sandbox-client")
    parser.add_argument("--client-secret", default="sandbox-secret")
    return parser


if __name__ == "__main__":
    sys.exit(main())
