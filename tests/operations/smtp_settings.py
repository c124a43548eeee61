"""The embedded settings with mail that leaves by SMTP, to the server that MAIL_PORT names."""

from bigcode_optout.settings.base import env
from bigcode_optout.settings.embedded import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("MAIL_PORT", default=25)
EMAIL_TIMEOUT = 60
