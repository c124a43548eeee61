"""``python -m bigcode_optout.core.probe healthz``: ask the site in this container whether it is well. No Django."""

import os
import sys
import urllib.error
import urllib.request


def main(path: str = "healthz") -> int:
    """Exit code 0 when `path` on loopback answers 200, else 1.

    The port is PORT (8000), the host name the first of ALLOWED_HOSTS, since any other one is refused.
    """
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*")
    port = int(os.environ.get("PORT", "8000"))
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": host or "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - loopback, over http
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
