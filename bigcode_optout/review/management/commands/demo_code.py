"""`manage.py demo_code NAME`: the code that the authenticator app of somebody of the demo's staff would show now."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.review.management.commands.create_demo_staff import SECOND_FACTORS


class Command(BaseCommand):
    """Reads the file that `create_demo_staff` wrote; real staff's secrets stand nowhere in the clear."""

    help = "Print the six digits that somebody of the demo's staff types after the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("name", help="demo-reviewer, demo-release-manager, …")

    def handle(self, *args: Any, **options: Any) -> None:
        """Six digits that hold for about half a minute, once."""
        path = Path(settings.DATA_DIR) / SECOND_FACTORS
        try:
            secret = json.loads(path.read_text(encoding="utf-8"))[options["name"]]
        except (OSError, KeyError) as error:
            raise CommandError(f"{path} knows no {options['name']}. Is the demo running?") from error
        step = int(time.time()) // app_settings.TOTP_PERIOD
        self.stdout.write(format_hotp_value(hotp_value(secret, step)))
