"""`manage.py generate_signing_key FILE`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.core import clock
from bigcode_optout.exclusionlist import ExclusionListError, SigningKey
from bigcode_optout.exclusionlist.secret_files import write_secret
from bigcode_optout.releases import signing


class Command(BaseCommand):
    """Never writes over a file. From now on the public key is served among those that count."""

    help = "Make a key that signs lists and receipts: the private one in FILE, for its owner alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write it."""
        parser.add_argument("file", type=Path, help="a new file")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, then publish and print the public key; the private one is never printed."""
        key, path = SigningKey.generate(), options["file"]
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_secret(path, key.to_pem())
        except ExclusionListError as error:
            raise CommandError(str(error)) from error
        signing.publish(key, valid_from=clock.today())
        if options["json"]:
            self.stdout.write(
                json.dumps({"file": str(path), "key_id": key.key_id, "public_key": key.public_pem})
            )
            return
        self.stdout.write(f"The private key is in {path}. Keep a copy where nobody else can read it.")
        self.stdout.write(f"Key id: {key.key_id}\n{key.public_pem.strip()}")
        self.stdout.write(f"To sign with it, set EXCLUSION_SIGNING_KEY_FILE={path.absolute()} and restart.")
