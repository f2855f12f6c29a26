"""Django's settings, composed from the environment. Nothing else reads environment variables."""

from __future__ import annotations

from pathlib import Path

from senet.config.environment import read_domain_rates, read_environment
from senet.embedded.secret import read_or_make_secret
from senet.embedded.urls import database_options, resolve_clickhouse_url
from senet.integrations.addresses import read_networks

ENVIRONMENT = read_environment()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = ENVIRONMENT.data.expanduser().resolve()

SECRET_KEY = ENVIRONMENT.secret_key or read_or_make_secret(DATA_DIR)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ["*"]  # the app checks no host name: it builds absolute addresses from APP_URL and DOOR_URL alone
APP_URL = ENVIRONMENT.public_app_url
DOOR_URL = ENVIRONMENT.public_door_url
SMTP_URL = ENVIRONMENT.smtp_url or f"smtp://127.0.0.1:{ENVIRONMENT.mailbox_smtp_port}"
DNS, DKIM_SELECTORS = ENVIRONMENT.dns, tuple(filter(None, map(str.strip, ENVIRONMENT.dkim_selectors.split(","))))
PROVIDERS = tuple(ENVIRONMENT.providers.split())
BOUNCE_DOMAIN = ENVIRONMENT.bounce_domain.strip().lower()
BOUNCE_LISTEN, BOUNCE_IMAP = ENVIRONMENT.bounce_listen, ENVIRONMENT.bounce_imap
REQUIRE_SENDING_DOMAIN = ENVIRONMENT.require_sending_domain
DOMAIN_RATES = read_domain_rates(ENVIRONMENT.domain_rates)
MONTHLY_MAILS = ENVIRONMENT.monthly_mails
CLICKHOUSE_URL = resolve_clickhouse_url(ENVIRONMENT.clickhouse_url, DATA_DIR)
HOST, PORT, DOOR_PORT = ENVIRONMENT.host, ENVIRONMENT.port, ENVIRONMENT.door_port
MAILBOX_PORT, MAILBOX_SMTP_PORT = ENVIRONMENT.mailbox_port, ENVIRONMENT.mailbox_smtp_port
METRICS_TOKEN = ENVIRONMENT.metrics_token
UI_DIR = BASE_DIR / ENVIRONMENT.ui  # an absolute path stays what it is
INTERACTION_DAYS = ENVIRONMENT.interaction_days
WORKFLOW_CALL_DAYS = ENVIRONMENT.workflow_call_days
PROFILING_CONSENT = ENVIRONMENT.profiling_consent
VERDICT_SECONDS = ENVIRONMENT.verdict_seconds
UPLOAD_BYTES = ENVIRONMENT.upload_megabytes * 1_000_000
ACTIONS = tuple(path.strip() for path in ENVIRONMENT.actions.split(",") if path.strip())
WEBHOOK_ALLOW_PRIVATE = ENVIRONMENT.webhook_allow_private
WEBHOOK_NETWORKS = read_networks(ENVIRONMENT.webhook_networks)
SEGMENT_SECONDS, SEGMENT_FULL_SECONDS = ENVIRONMENT.segment_seconds, ENVIRONMENT.segment_full_seconds
MAILBOX_MESSAGES = ENVIRONMENT.mailbox_messages
AUDIENCE_DELAY_SECONDS = ENVIRONMENT.audience_delay_seconds

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "senet.accounts",
    "senet.interactions",
    "senet.people",
    "senet.audiences",
    "senet.content",
    "senet.messages",
    "senet.confirmations",
    "senet.delivery",
    "senet.door",
    "senet.integrations",
    "senet.journeys",
    "senet.insights",
    "senet.rehearsals",
    "senet.workers",
]
MIDDLEWARE = [
    "senet.api.envelope.ErrorEnvelope",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "senet.config.urls"
ASGI_APPLICATION = "senet.config.asgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]
DATABASES = {"default": database_options(ENVIRONMENT.database_url, DATA_DIR, pool_size=ENVIRONMENT.database_pool)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = APP_URL.startswith("https:")
CSRF_TRUSTED_ORIGINS = [APP_URL]
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
APPEND_SLASH = False
