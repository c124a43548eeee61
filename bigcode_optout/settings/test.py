"""The embedded settings in a folder of their own, with quick passwords and mails kept in memory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Set before the embedded settings read it; parallel test processes get one folder each.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="optout-test-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("GITHUB_CLIENT_ID", "sandbox-client")
os.environ.setdefault("GITHUB_CLIENT_SECRET", "sandbox-secret")

from bigcode_optout.settings.embedded import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEST_DATA_DIR = Path(os.environ["DATA_DIR"])
# Nothing is collected for tests; an empty folder keeps whitenoise from warning about a missing one.
STATIC_ROOT = TEST_DATA_DIR / "staticfiles"
STATIC_ROOT.mkdir()
# A file is looked for when it is asked for: each test client would list all of them first.
WHITENOISE_AUTOREFRESH = True
# Counted in memory also where REDIS_URL is set: parallel test processes would spend each other's limits.
RATE_LIMIT_STORAGE = "memory://"
# The same for GitHub's hour: rows are rolled back after each test, keys in Redis are not.
GITHUB_SHARED_STORE = ""
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405 (of the embedded settings)
    # No test pulls the plug: a commit need not wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # noqa: F405
