"""One machine, one command: SQLite, Celery over files, mails into a folder. For the demo, development and tests.

DATABASE_URL and REDIS_URL, where given, put PostgreSQL and Redis in their place.
"""

import secrets

from bigcode_optout.settings.base import *  # noqa: F403
from bigcode_optout.settings.base import DATA_DIR, env
from bigcode_optout.settings.services import broker, database, limit_storage

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]


def _own_secret_key() -> str:
    """A key made once for this data folder; an installation without one is never shared."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret_key()

DATABASES = {"default": database(env.str("DATABASE_URL", default=""), DATA_DIR)}
globals().update(broker(env.str("REDIS_URL", default=""), DATA_DIR))
RATE_LIMIT_STORAGE = limit_storage(env.str("REDIS_URL", default=""))
# Where workers share GitHub's hour and answers: Redis, or rows where this is empty.
GITHUB_SHARED_STORE = env.str("REDIS_URL", default="")

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mails"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
