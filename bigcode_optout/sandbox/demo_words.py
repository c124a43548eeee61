"""What the demo prints once it runs."""

from collections.abc import Sequence
from pathlib import Path

from .pages import people
from .world_file import load_world


def welcome(*, port: int, sandbox_port: int, data: Path, staff: Sequence[dict[str, str]]) -> str:
    """Addresses, people one can be, log-ins of the desk, and where mails and logs go."""
    site = f"http://localhost:{port}"
    lines = [
        "",
        f"The opt-out desk runs at    {site}/",
        f"Its staff desk              {site}/admin/",
        f"The stand-in for GitHub     http://127.0.0.1:{sandbox_port}/",
        "",
        "Look up a name, or sign in and choose who you are:",
        *(f"  {account.login:<17} {title}. {sentence}" for account, title, sentence in people(load_world())),
        "",
        "Staff log-ins, with passwords made for this data folder:",
        *(f"  {row['name']:<22} {row['password']:<18} {row['role']}" for row in staff),
        "  The code after the password:  .venv/bin/python manage.py demo_code demo-reviewer",
        "",
        f"Mails are written to        {data / 'mails'}",
        f"Logs                        {data / 'logs'}",
        "",
        "Ctrl-C stops everything and keeps the data.",
    ]
    return "\n".join(lines)
