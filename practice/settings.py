"""Django settings, all from the environment (or `.env`); without any, a whole practice on one machine."""

import hashlib
import logging
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ as django_environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from practice.backup.backup_settings import backup_keep, backup_place
from practice.core.env import BadSetting, Env, key_file, private_folder, read_env_file
from practice.core.loading.log import structlog
from practice.core.locales.readers import LANGUAGES as TEXTS_IN
from practice.core.log_redaction import mask_keys
from practice.core.texts.gateway_address import SHAPE as TEXT_MESSAGES_SHAPE
from practice.core.texts.gateway_address import gateway_at
from practice.mail_events.sources import bounce_address, bounce_mailbox, webhook_secret
from practice.observability.error_reports import start as start_error_reports
from practice.observability.metrics_access import metrics_access
from practice.sender_domain.dkim_settings import dkim_key, dkim_selector
from practice.storage import storage_settings

BASE_DIR = Path(__file__).resolve().parent.parent
os.umask(0o077)  # whatever any of our programs writes is for this user alone
read_env_file(BASE_DIR / ".env", os.environ)
env = Env()


def stop(error: BadSetting) -> None:
    """End the start with one sentence about a wrong setting, without a traceback."""
    sys.exit(f"\nThe portal cannot start.\n{error}\n")


PATHS_TAKEN = (
    "accounts address api appointments articles book calendar email email-events embed enter healthz lessons "
    "livez metrics offers offline portal privacy set-up static text-messages workspace"
).split()
try:
    DEBUG = env.flag("DEBUG", False)
    DEMO = env.flag("DEMO", False)
    PORT = env.number("PORT", 8000, low=1, high=65535)
    VAR_DIR = private_folder(Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve())
    # Beside the database's folder, not in it: a copy of the one does not open what rests encrypted.
    KEYS_DIR = Path(env.text("KEYS_DIR", f"{VAR_DIR}-keys")).resolve()
    SECRET_KEY = env.secret_key(key_file("secret_key", folder=KEYS_DIR, before=VAR_DIR))
    FIELD_KEYS = env.field_keys(key_file("field_keys", folder=KEYS_DIR, before=VAR_DIR))
    MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media"))).resolve()
    SITE_URL = env.site("SITE_URL", f"http://localhost:{PORT}")
    DATABASE_URL = env.url(
        "DATABASE_URL",
        f"sqlite:///{VAR_DIR / 'portal.sqlite3'}",
        schemes=("sqlite", "postgres", "postgresql"),
        shape="sqlite:////path/file.sqlite3 or postgresql://user:password@host:5432/name",
    )
    REDIS_URL = env.url(
        "REDIS_URL",
        "",
        schemes=("redis", "rediss", "unix"),
        shape="redis://host:6379/0, rediss://…, unix:///path/to.sock, or empty for the built-in broker",
    )
    EMAIL_URL = env.url(
        "EMAIL_URL",
        "",
        schemes=("smtp", "smtp+tls", "smtp+ssl", "smtps"),
        shape="smtp+tls://user:password@host:587, smtps://…, or empty to write letters to var/outbox/",
    )
    TEXT_MESSAGES_URL = env.text("TEXT_MESSAGES_URL", "")
    try:
        gateway_at(TEXT_MESSAGES_URL)
    except ValueError as problem:
        raise BadSetting("TEXT_MESSAGES_URL", str(problem), TEXT_MESSAGES_SHAPE) from None
    EMAIL_EVENTS = webhook_secret("EMAIL_EVENTS", env.text("EMAIL_EVENTS"))
    BOUNCE_MAILBOX = bounce_mailbox("BOUNCE_MAILBOX", env.text("BOUNCE_MAILBOX"))
    BOUNCE_ADDRESS = bounce_address("BOUNCE_ADDRESS", env.text("BOUNCE_ADDRESS"))
    DKIM_SELECTOR = dkim_selector("DKIM_SELECTOR", env.text("DKIM_SELECTOR"))
    DKIM_KEY = dkim_key("DKIM_KEY_FILE", env.text("DKIM_KEY_FILE"), DKIM_SELECTOR)
    TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, low=0, high=10)
    RATE_LIMITS = env.flag("RATE_LIMITS", True)
    ADMIN_PATH = env.path(
        "ADMIN_PATH",
        "backoffice",
        pattern=lambda raw: (
            raw.strip("/").replace("-", "").replace("_", "").isalnum()
            and raw.isascii()
            and raw.strip("/") not in PATHS_TAKEN
        ),
        shape="one word of letters, digits, - and _, not the name of another part of the site",
    ).strip("/")
    X_ACCEL = env.path(
        "X_ACCEL",
        "off",
        pattern=lambda raw: raw == "off" or (raw.startswith("/") and raw.endswith("/")),
        shape="off, or nginx's internal location such as /protected/",
    )
    OFFLINE_LESSONS = env.flag("OFFLINE_LESSONS", True)
    S3_ACCESS = storage_settings.access(env, "S3_")
    S3 = storage_settings.media_bucket(
        env, reached=S3_ACCESS, site=SITE_URL, folder=env.text("MEDIA_ROOT"), x_accel=X_ACCEL
    )
    BACKUP_TO = backup_place(
        "BACKUP_TO",
        env.text("BACKUP_TO"),
        never_in={"VAR_DIR": VAR_DIR, "KEYS_DIR": KEYS_DIR, "MEDIA_ROOT": MEDIA_ROOT},
    )
    BACKUP_S3_OWN = storage_settings.access(env, "BACKUP_S3_")
    BACKUP_S3_ACCESS = BACKUP_S3_OWN or S3_ACCESS
    storage_settings.must_fit(
        env, media=S3, backups=BACKUP_TO, reached=BACKUP_S3_ACCESS, own=BACKUP_S3_OWN is not None
    )
    BACKUP_EVERY = timedelta(hours=env.number("BACKUP_EVERY", 24, low=1, high=168))
    BACKUP_KEEP = backup_keep("BACKUP_KEEP", env.text("BACKUP_KEEP", "7,4,12"))
    METRICS = metrics_access("METRICS", env.text("METRICS"))
    SENTRY_DSN = env.url("SENTRY_DSN", "", schemes=("https", "http"), shape="an https:// DSN, or empty")
except BadSetting as problem:
    stop(problem)

SITE = urlsplit(SITE_URL)
SECURE_SITE = SITE.scheme == "https"
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = sorted({SITE.hostname or "localhost"} | (set() if SECURE_SITE else LOOPBACK))
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- What is installed -------------------------------------------------------------------------
INSTALLED_APPS = [
    "practice",
    "booking",
    "portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "ninja",
    "django_structlog",
    "phonenumber_field",
]

MIDDLEWARE = [
    # The id of each request before whatever may refuse it or fail.
    "practice.observability.requests.RequestIdMiddleware",
    "practice.observability.requests.RefusalLogMiddleware",
    # Headers next, so that they stand on refusals, redirects and static files too; then clean input.
    "practice.web.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "practice.web.middleware.InputCheckMiddleware",
    "practice.web.static_storage.StaticFilesMiddleware",
    "practice.observability.requests.LoggedRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "practice.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "practice.accounts.session_ends.StaffSessionMiddleware",  # before whatever asks who is there
    "practice.web.middleware.BodySizeMiddleware",  # before whatever reads a form
    "practice.web.middleware.EmbeddedBookingMiddleware",
    "practice.web.middleware.NoStoreMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    # before the next: the back office has a sign-in form of its own
    "practice.web.middleware.StaffAccessMiddleware",
    "practice.web.middleware.SignInRequiredMiddleware",
    "practice.web.middleware.PracticeCacheMiddleware",
    "practice.web.middleware.PracticeZoneMiddleware",
]
if METRICS:
    MIDDLEWARE.insert(0, "practice.observability.metrics.MetricsMiddleware")

ROOT_URLCONF = "practice.urls"
EMBED_URLCONF = "booking.embed_urls"  # what a request under /embed/ is read by
EMBED_URLS_IN = "booking.embed_urls.IN_LANGUAGE"  # under /embed/es/
WSGI_APPLICATION = "practice.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "practice.web.context.practice",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
    {
        # A .txt template is HTML-escaped by the engine above: "Tess &amp; Jonah" in a text letter.
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]

# --- Rows --------------------------------------------------------------------------------------
try:
    DATABASES = {"default": django_environ.Env.db_url_config(DATABASE_URL)}
except (ImproperlyConfigured, ValueError) as problem:
    stop(BadSetting("DATABASE_URL", str(problem), "sqlite:////path/file.sqlite3 or postgresql://…"))
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # IMMEDIATE: a reader that later writes cannot be refused half-way ("database is locked").
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # secure_delete: what is erased is overwritten, not only taken out of the index.
        # recursive_triggers: INSERT OR REPLACE removes no row past its triggers (practice/append_only).
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
            "PRAGMA recursive_triggers=ON;"
        ),
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that is gone without a word (its machine lost power) is given up after a minute, not after a
    # quarter of an hour: the clock of a worker waits for it too.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=5,
        tcp_user_timeout=30_000,
        keepalives_idle=30,
        keepalives_interval=10,
        keepalives_count=3,
    )

# Shared by all web processes, and independent of Redis: sign-in limits hold while Redis is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "practice_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # a full cache forgets limits: keep room for a busy attacker
    }
}

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "practice.accounts.passwords.PracticeNameValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal"
LOGOUT_REDIRECT_URL = "home"

# A code by email signs in, a passkey too; a password is a choice. Unknown addresses are answered alike.
CODE_LIVES = 600  # seconds
ACCOUNT_ADAPTER = "practice.accounts.adapter.AccountAdapter"
ACCOUNT_PAGES = "practice.accounts.forms.account_pages."
ACCOUNT_FORMS = {
    "login": "practice.accounts.forms.sign_in.SignInForm",
    "signup": f"{ACCOUNT_PAGES}SignUpPageForm",
    "request_login_code": f"{ACCOUNT_PAGES}RequestCodeForm",
    "confirm_login_code": f"{ACCOUNT_PAGES}LoginCodeForm",
    "confirm_email_verification_code": f"{ACCOUNT_PAGES}AddressCodeForm",
    "confirm_password_reset_code": f"{ACCOUNT_PAGES}ResetCodeForm",
    "add_email": f"{ACCOUNT_PAGES}ChangeAddressForm",
    "reset_password": f"{ACCOUNT_PAGES}ResetPasswordForm",
    "reset_password_from_key": f"{ACCOUNT_PAGES}NewPasswordForm",
    "set_password": f"{ACCOUNT_PAGES}SetPasswordForm",
    "change_password": f"{ACCOUNT_PAGES}ChangePasswordForm",
    "reauthenticate": f"{ACCOUNT_PAGES}ConfirmPasswordForm",
    "confirm_reauthentication_code": f"{ACCOUNT_PAGES}CodeAgainForm",
}
MFA_FORMS = {
    "authenticate": f"{ACCOUNT_PAGES}SecondStepForm",
    "reauthenticate": f"{ACCOUNT_PAGES}SecondStepAgainForm",
    "activate_totp": f"{ACCOUNT_PAGES}ActivateAppForm",
    "add_webauthn": f"{ACCOUNT_PAGES}AddPasskeyForm",
    "edit_webauthn": f"{ACCOUNT_PAGES}RenamePasskeyForm",
}
ACCOUNT_SIGNUP_FORM_CLASS = "practice.accounts.forms.sign_in.SignUpForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_LIVES
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_LIVES
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_LIVES
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = ACCOUNT_EMAIL_NOTIFICATIONS = ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
MFA_ADAPTER = "practice.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # six digits change while they are typed: those before and after count (RFC 6238, 5.2)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # so that a passkey is two factors in one
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_SITE  # http on localhost
# Our own limits count the asker before the address (practice/accounts/email_limits.py): without these two
# "/key".
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"request_login_code": "20/m/ip", "reset_password": "20/m/ip"}
if not RATE_LIMITS:
    ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30  # of clients; staff: practice/accounts/session_ends.py

# --- Browser security --------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if SECURE_SITE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_SITE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
MESSAGE_STORAGE = "practice.web.flash.Flash"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# A probe on the machine itself speaks http; the API is refused there, not redirected (CleanInput).
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^healthz$", r"^metrics$", r"^api/"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a form, and of every body but a recording
UPLOAD_BYTES = 500_000_000  # of a recording; deploy/nginx.conf says the same
CHUNK_BYTES = (
    8_000_000  # of a recording that is sent in parts; a proxy in front that takes less is met with less
)
IMPORT_BYTES = 20_000_000  # of a file from another system; deploy/nginx.conf says the same
PICTURE_BYTES = 15_000_000  # of a photo or a logo; deploy/nginx.conf says the same
VIDEO_BYTES = 250_000_000  # of a short video of an exercise; deploy/nginx.conf says the same
#: The pages that take a file, and how large one may be.
UPLOAD_PAGES = {
    "admin:portal_lesson_add": UPLOAD_BYTES,
    "admin:portal_lesson_change": UPLOAD_BYTES,
    "workspace_lesson_recording": UPLOAD_BYTES,
    "workspace_recording_upload": CHUNK_BYTES,
    "workspace_import": IMPORT_BYTES,
    "workspace_branding": PICTURE_BYTES,
    "workspace_own_photo": PICTURE_BYTES,
    "workspace_person_photo": PICTURE_BYTES,
    "workspace_exercise_photos": PICTURE_BYTES,
    "workspace_exercise_video": VIDEO_BYTES,
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
#: Where links to recordings lead: the bucket, and nowhere else.
RECORDINGS_FROM = [S3.origin] if S3 and S3.gives_links else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF, *RECORDINGS_FROM],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if SECURE_SITE else {}),
    }
}
CSRF_FAILURE_VIEW = "practice.web.errors.csrf_failure"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # Django writes a line about each of them already
# The id that RequestIdMiddleware has checked or made; of what a stranger sends, it has left nothing.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_TRUST_UPSTREAM_CORRELATION_ID = False

# --- Words, time, files ------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = list(TEXTS_IN)
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE_SITE else "language"
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]  # beside those of the apps
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["practice.web.formats"]  # dates of the back office
TIME_ZONE = "UTC"
PHONENUMBER_DEFAULT_REGION = "US"  # of numbers in code; forms read them in the practice's country

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = ""  # media is never served by path
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "practice.web.static_storage.StaticStorage"},
}

# --- Letters and Celery ------------------------------------------------------------------------
# Without it, the practice's own address is used (`practice.mail.composing.headers.own_address`).
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "")
OUTBOX_DIR = VAR_DIR / "outbox"
EMAIL_TIMEOUT = 30  # seconds; below the lease of a claimed letter
TEXT_TIMEOUT = 20  # seconds for each answer of the gateway, which is asked twice at most
if EMAIL_URL:
    try:
        vars().update(django_environ.Env.email_url_config(EMAIL_URL.replace("smtps://", "smtp+ssl://")))
    except (ImproperlyConfigured, ValueError) as problem:
        stop(BadSetting("EMAIL_URL", str(problem), "smtp+tls://user:password@host:587"))
else:
    EMAIL_BACKEND = "practice.mail.channels.outbox.OutboxBackend"
ANYMAIL = EMAIL_EVENTS.anymail  # of django-anymail, only its webhooks are used

# A deep clone would overflow the 108 bytes of a socket's path: the broker's socket lives in a short folder.
RUNTIME_DIR = (
    Path(tempfile.gettempdir())
    / f"myopractic-{os.getuid()}-{hashlib.sha256(str(VAR_DIR).encode()).hexdigest()[:10]}"
)
BROKER_SOCKET = RUNTIME_DIR / "broker.sock"
EMBEDDED_BROKER = not REDIS_URL
BROKER_URL = REDIS_URL or f"unix://{BROKER_SOCKET}"
# redis-py says unix://, kombu says redis+socket://
CELERY_BROKER_URL = BROKER_URL.replace("unix://", "redis+socket://", 1)

# --- Logs --------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
            if DEBUG or DEMO
            else structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_log_level,
                # Before keys are masked; a renderer left alone with a mistake writes down variables too.
                structlog.processors.format_exc_info,
                mask_keys,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Without Django's own handlers: its letter to ADMINS about an error quotes what was typed.
        "django": {"level": "INFO", "handlers": []},
        # Never at DEBUG: a variable that is missing in a template writes down all others, words and all.
        "django.template": {"level": "INFO"},
        "django_structlog": {"level": "WARNING"},
        # It quotes the Origin that a request names; `csrf_failure` says the same without.
        "django.security.csrf": {"level": "ERROR"},
        # It would write two lines for each tick.
        "celery": {"level": "WARNING"},
        # It would list the letters of each name that a receipt prints.
        "fontTools": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        mask_keys,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# --- Errors to a collector, if the owner has one -------------------------------------------------
if SENTRY_DSN:
    start_error_reports(SENTRY_DSN)
