"""PostgreSQL, Redis, TLS in front. Every secret comes from the environment; a missing one stops the start."""

from django.core.exceptions import ImproperlyConfigured

from bigcode_optout.settings.base import *  # noqa: F403
from bigcode_optout.settings.base import DATA_DIR, GITHUB_URL, env
from bigcode_optout.settings.services import broker, database, limit_storage

DEBUG = False


def _needed(name: str) -> str:
    """The variable's value. An empty one stops the start too: an empty DATABASE_URL would mean SQLite."""
    value: str = env.str(name)
    if not value.strip():
        raise ImproperlyConfigured(f"Set the {name} environment variable; it is empty.")
    return value


SECRET_KEY = _needed("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in _needed("ALLOWED_HOSTS").split(",")]
SITE_URL = _needed("SITE_URL").rstrip("/")
GITHUB_CLIENT_ID = _needed("GITHUB_CLIENT_ID")
GITHUB_CLIENT_SECRET = _needed("GITHUB_CLIENT_SECRET")
REDIS_URL = _needed("REDIS_URL")

if not GITHUB_URL.startswith("https://"):
    # The stand-in speaks plain HTTP on loopback and lets anybody be anybody.
    raise ImproperlyConfigured(
        f"GITHUB_URL is {GITHUB_URL}: production signs people in over https only, never with the GitHub stand-in."
    )

DATABASES = {"default": database(_needed("DATABASE_URL"), DATA_DIR)}
globals().update(broker(REDIS_URL, DATA_DIR))
RATE_LIMIT_STORAGE = limit_storage(REDIS_URL)
GITHUB_SHARED_STORE = REDIS_URL

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# The health checks of the container come without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]

_needed("EMAIL_URL")
globals().update(env.email_url("EMAIL_URL"))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
