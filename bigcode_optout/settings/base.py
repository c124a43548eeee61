"""What every installation shares. Nothing secret has a default here."""

import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

env = environ.Env()

ROOT = Path(__file__).resolve().parent.parent.parent
DATA_DIR = env.path("DATA_DIR", default=str(ROOT / "data"))
DATA_DIR = Path(str(DATA_DIR))
INDEX_DIR = DATA_DIR / "indexes"
EXPORT_DIR = DATA_DIR / "exports"

INSTALLED_APPS = [
    "bigcode_optout.core",
    "bigcode_optout.accounts",
    "bigcode_optout.catalog",
    "bigcode_optout.claims",
    "bigcode_optout.removals",
    "bigcode_optout.releases",
    "bigcode_optout.review.apps.ReviewConfig",
    "bigcode_optout.pages",
    "bigcode_optout.api",
    "bigcode_optout.review.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "csp",
]

MIDDLEWARE = [
    "bigcode_optout.core.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bigcode_optout.core.nul_characters.refuse_nul",
    "bigcode_optout.core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "bigcode_optout.urls"
WSGI_APPLICATION = "bigcode_optout.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bigcode_optout.core.context_processors.desk",
            ],
        },
    },
]

# Rows -------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

# Signing in -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Any GITHUB_URL makes the API <url>/api/v3 (Enterprise, or the stand-in); github.com has its own host.
GITHUB_URL = env.str("GITHUB_URL", default="https://github.com").rstrip("/")
GITHUB_CLIENT_ID = env.str("GITHUB_CLIENT_ID", default="")
GITHUB_CLIENT_SECRET = env.str("GITHUB_CLIENT_SECRET", default="")
# In GitHub's call-back: all seconds for code, token and identity, and all seconds for a check with the token.
GITHUB_SIGN_IN_BUDGET_SECONDS = 6.0
GITHUB_PROOF_BUDGET_SECONDS = 3.0
# Of each hour's calls in the site's own name this part is left to pages, where a person waits.
GITHUB_RESERVE_PERCENT = env.int("GITHUB_RESERVE_PERCENT", default=10)
# GitHub's public answers, of which a few fields are kept to ask by ETag: for how long, and how many.
GITHUB_ANSWER_DAYS = 30
# What was written without a GitHub account is forgotten when it is not confirmed by mail in so many days.
STATEMENT_DAYS = 7
# And what is only noted, since it stands on another host, after so many.
NOTED_DAYS = 365
GITHUB_ANSWERS = 20_000

ACCOUNT_ADAPTER = "bigcode_optout.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "bigcode_optout.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Staff show a second factor after their password. Half a minute of a slow or fast clock is forgiven.
MFA_ADAPTER = "bigcode_optout.accounts.mfa_adapter.MFAAdapter"
MFA_TOTP_ISSUER = "Opt-out desk"
MFA_TOTP_TOLERANCE = 1
# So long a password holds for steps that ask for it again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
SOCIALACCOUNT_PROVIDERS = {
    "github": {
        "provider_class": "bigcode_optout.accounts.github_provider.GitHubByNumber",
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": [],
        "APPS": [{"client_id": GITHUB_CLIENT_ID, "secret": GITHUB_CLIENT_SECRET, "key": ""}],
        **({} if GITHUB_URL == "https://github.com" else {"GITHUB_URL": GITHUB_URL}),
    }
}
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/requests/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
STAFF_SESSION_SECONDS = int(timedelta(hours=8).total_seconds())

# What a browser may load and where it may send forms ---------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers apply form-action to the redirect that follows a form, too: signing in is a POST that ends at GitHub.
        "form-action": [SELF, GITHUB_URL],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Words and times ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["bigcode_optout.core.formats"]
LANGUAGES = [("en", "English")]
# The pages speak English; the sentence of a decision is written in any of these, English where a text is missing.
DECISION_LANGUAGES = [("en", "English"), ("de", "German")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(ROOT / "staticfiles"))
STATICFILES_DIRS = [ROOT / "static"]

# An owner with thousands of repositories sends a tick for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Work in the background --------------------------------------------------------------------------

CELERY_TIMEZONE = "UTC"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Never by Celery: `core.task_connections` keeps connections as long as CONN_MAX_AGE says.
CELERY_DB_REUSE_MAX = sys.maxsize
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The broker is only the bell: these timers find whatever it lost.
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=30)
CELERY_BEAT_SCHEDULE = {
    "sweep-requests": {"task": "removals.sweep", "schedule": float(SWEEP_SECONDS)},
    "sweep-outbox": {"task": "removals.sweep_outbox", "schedule": float(SWEEP_SECONDS)},
    "expire-requests": {"task": "removals.expire", "schedule": 3600.0},
    "forget-sessions": {"task": "accounts.forget_sessions", "schedule": 3600.0},
    "erase-what-is-over": {"task": "removals.erase", "schedule": 3600.0},
    "look-for-codes": {"task": "claims.check_challenges", "schedule": float(SWEEP_SECONDS)},
    "watch-owners": {"task": "removals.watch_owners", "schedule": float(SWEEP_SECONDS)},
    "forget-logins": {"task": "claims.forget_logins", "schedule": 86400.0},
    "forget-answers": {"task": "accounts.forget_answers", "schedule": 3600.0},
    "remove-old-builds": {"task": "catalog.remove_old_builds", "schedule": 3600.0},
    "sweep-versions": {"task": "releases.sweep_versions", "schedule": float(SWEEP_SECONDS)},
    "sweep-preparations": {"task": "releases.sweep_preparations", "schedule": float(SWEEP_SECONDS)},
    "sweep-desk": {"task": "review.sweep", "schedule": float(SWEEP_SECONDS)},
    "rebuild-queue": {"task": "review.rebuild_queue", "schedule": 86400.0},
    "sweep-publications": {"task": "releases.sweep_publications", "schedule": float(SWEEP_SECONDS)},
    "sweep-exports": {"task": "releases.sweep_exports", "schedule": 300.0},
}

# The desk's own switches --------------------------------------------------------------------------

DATASET = env.str("DATASET", default="the-stack")
CONTACT_ADDRESS = env.str("CONTACT_ADDRESS", default="contact@bigcode-project.org")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DECISION_DAYS = 30
DRAFT_DAYS = 30
ANSWER_DAYS = 30
# Retention (design, section 11): words, names and addresses of what ended without an exclusion, since its last step.
ENDED_REQUEST_DAYS = 365
# The address and the mails to it, since the last step after which nothing is told any more.
ADDRESS_DAYS = 90
# So many days before a question ends unanswered, the requester is reminded.
REMINDER_DAYS = 7
# Automatic acceptance (design, section 6): a switch for each kind of claim; until the policy is set in the admin.
POLICY_ACCEPTS = {
    "account": env.bool("POLICY_ACCEPTS_ACCOUNTS", default=True),
    "organisation": env.bool("POLICY_ACCEPTS_ORGANISATIONS", default=True),
    "repository": env.bool("POLICY_ACCEPTS_REPOSITORIES", default=True),
    "former_login": env.bool("POLICY_ACCEPTS_FORMER_LOGINS", default=True),
    # Where two owners stand behind the request, or none objected in time; off, a reviewer still looks at it.
    "large_organisation": env.bool("POLICY_ACCEPTS_LARGE_ORGANISATIONS", default=False),
}
# From so many members on an organisation is large. One page of GitHub's list has 100.
LARGE_ORGANISATION_MEMBERS = env.int("LARGE_ORGANISATION_MEMBERS", default=50)
# One page of GitHub's: more than this many are not told apart.
MEMBERS_COUNTED_UP_TO = 100
LARGE_ORGANISATION_REPOSITORIES = env.int("LARGE_ORGANISATION_REPOSITORIES", default=100)
# A worker that is silent for longer is taken for dead, and its request is located by another.
LOCATE_LEASE_SECONDS = env.int("LOCATE_LEASE_SECONDS", default=120)
LOCATE_ATTEMPTS = env.int("LOCATE_ATTEMPTS", default=200)
# How long a request waits for a GitHub that does not answer before a reviewer decides without it.
GITHUB_PATIENCE_SECONDS = env.int("GITHUB_PATIENCE_SECONDS", default=86400)
# The same where GitHub answers and asks to wait: the request stands in a queue, and its turn comes.
GITHUB_QUEUE_SECONDS = env.int("GITHUB_QUEUE_SECONDS", default=7 * 86400)
# More unresolved repositories than this are not asked for one by one; a reviewer decides.
RESOLVE_LIMIT = env.int("RESOLVE_LIMIT", default=300)
INDEX_MEMORY_LIMIT = env.str("INDEX_MEMORY_LIMIT", default="1GB")
INDEX_THREADS = env.int("INDEX_THREADS", default=2)
# For so long the folder of a build that stopped being current stays: to go back to, and for those who still read it.
INDEX_GRACE_SECONDS = env.int("INDEX_GRACE_SECONDS", default=86400)
# Tasks that are rung for when another build answers for a version, by name: the catalog knows no room above it.
INDEX_SWITCHED_TASKS = ["releases.sweep_versions"]
# A worker that sweeps a version and is silent for longer is taken for dead.
SWEEP_LEASE_SECONDS = env.int("SWEEP_LEASE_SECONDS", default=900)

# Before a freeze public facts are asked for again: a freeze warns when that is longer ago.
PREPARATION_DAYS = env.int("PREPARATION_DAYS", default=7)
# A question that failed so often while others were answered is left; and a worker works so long without a pause.
PREPARE_TRIES = env.int("PREPARE_TRIES", default=8)
PREPARE_RUN_SECONDS = env.int("PREPARE_RUN_SECONDS", default=60)
# A worker that prepares and is silent for longer is taken for dead. Reading one large owner takes up to 90 seconds.
PREPARE_LEASE_SECONDS = env.int("PREPARE_LEASE_SECONDS", default=180)
# After a release was published its requests are made fulfilled, so many in one transaction; a worker works so long
# without a pause, and one that is silent for longer is taken for dead.
FULFIL_BATCH = env.int("FULFIL_BATCH", default=200)
FULFIL_RUN_SECONDS = env.int("FULFIL_RUN_SECONDS", default=120)
FULFIL_LEASE_SECONDS = env.int("FULFIL_LEASE_SECONDS", default=180)
# Public keys, as a key set, of those whose signed verification reports are taken. A signed report needs one of them.
VERIFIER_KEYS_FILE = env.str("VERIFIER_KEYS_FILE", default="")

# Who signs lists and receipts: an Ed25519 private key in PEM, as text (line ends may be written \n) or in a file.
# Where both are empty nothing is signed; `check --deploy` says so.
EXCLUSION_SIGNING_KEY = env.str("EXCLUSION_SIGNING_KEY", default="", multiline=True)
EXCLUSION_SIGNING_KEY_FILE = env.str("EXCLUSION_SIGNING_KEY_FILE", default="")

# Limits per address (signed out) or person (signed in), in the notation of the library `limits`.
RATE_LIMITS = {
    "look-up": env.str("RATE_LIMIT_LOOK_UP", default="60/minute"),
    # Tries with a password: per address; per user name and network, or per browser that is known for the name; per name
    # from everywhere else; and where somebody is signed in and asked once more.
    "staff-log-in": env.str("RATE_LIMIT_STAFF_LOG_IN", default="10/minute"),
    "staff-log-in-name": env.str("RATE_LIMIT_STAFF_LOG_IN_NAME", default="30/hour"),
    "staff-log-in-everywhere": env.str("RATE_LIMIT_STAFF_LOG_IN_EVERYWHERE", default="40/10 minutes"),
    "staff-password-again": env.str("RATE_LIMIT_STAFF_PASSWORD_AGAIN", default="20/hour"),
    # Codes of a second factor, per person.
    "staff-second-factor": env.str("RATE_LIMIT_STAFF_SECOND_FACTOR", default="60/hour"),
    "sign-in": env.str("RATE_LIMIT_SIGN_IN", default="20/minute"),
    # Scripts that ask about releases: by address, or by token. Tries with a wrong token count by address.
    "api": env.str("RATE_LIMIT_API", default="60/minute"),
    "api-token": env.str("RATE_LIMIT_API_TOKEN", default="120/minute"),
    # Asking without a GitHub account: by connection, by network, by mail address (beyond it no mail is written).
    "statement": env.str("RATE_LIMIT_STATEMENT", default="5/hour"),
    "statement-network": env.str("RATE_LIMIT_STATEMENT_NETWORK", default="30/hour"),
    "statement-address": env.str("RATE_LIMIT_STATEMENT_ADDRESS", default="3/day"),
    "private-link": env.str("RATE_LIMIT_PRIVATE_LINK", default="60/hour"),
    "submission": env.str("RATE_LIMIT_SUBMISSION", default="20/hour"),
    # One-time codes: each new one and each “look now” asks GitHub.
    "code": env.str("RATE_LIMIT_CODE", default="20/hour"),
    # Words to a reviewer, links for a second owner, confirmations and objections.
    "owners": env.str("RATE_LIMIT_OWNERS", default="30/hour"),
}
# Where the shared counter is down these are counted by each process for itself; all others are not counted then.
RATE_LIMITS_ALWAYS_COUNTED = frozenset(kind for kind in RATE_LIMITS if kind.startswith("staff-"))
# How many proxies in front of us append to X-Forwarded-For; 0 takes the connection's own address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
WEB_PROCESSES = env.int("WEB_PROCESSES", default=1)

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Opt-out desk <{CONTACT_ADDRESS}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "bigcode_optout.core.log_context.ContextFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s %(task)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["context"], "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Addresses of pages hold names that people looked up; requests are logged by the desk's own middleware instead.
        "django.server": {"handlers": [], "propagate": False},
        "celery": {"handlers": [], "propagate": True},
        "urllib3": {"level": "WARNING"},
    },
}
