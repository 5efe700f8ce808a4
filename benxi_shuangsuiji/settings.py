"""Settings. What differs between machines comes from the environment (see `.env.example`); nothing secret has a default."""

import os
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import environ

from benxi_shuangsuiji.database import logins

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("BENXI_VAR", BASE_DIR / "var"))

env = environ.Env()
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("DJANGO_SECRET_KEY")
# Encrypts the sealed draw secrets; kept apart from the signing key so that either can be changed alone (SSJ1 15 D6).
DATA_KEY = env("DJANGO_DATA_KEY")
# The one before, while `manage.py data_key` seals everything anew.
DATA_KEY_OLD = env("DJANGO_DATA_KEY_OLD", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# The worker alone signs the public register: 32 bytes in hex. Without it nothing is signed (PUB1 §3).
REGISTER_KEY = env("REGISTER_KEY", default="")
REGISTER_ORIGIN = env("REGISTER_ORIGIN", default="")
REGISTER_HEAD = env("REGISTER_HEAD", default=str(VAR_DIR / "register-head"))
# Where the worker writes the static mirror of the public side each night; nowhere without it.
MIRROR_DIR = env("MIRROR_DIR", default="")
# The public keys, as age writes them, under which backups are encrypted; who holds the private one is not the server.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)

INSTALLED_APPS = [
    # Registers nothing by itself: what 名录后台 holds is said in registry/admin/.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # the middleware serves static files, in `runserver` too
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "axes",
    "django_q",
    "benxi_shuangsuiji",
    "benxi_shuangsuiji.accounts",
    "benxi_shuangsuiji.audit",
    "benxi_shuangsuiji.workdays",
    "benxi_shuangsuiji.notices",
    "benxi_shuangsuiji.documents",
    "registry",
    "plans",
    "inspections",
    "disclosure",
]

MIDDLEWARE = [
    "benxi_shuangsuiji.web.logs.Logged",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "benxi_shuangsuiji.web.static.Static",
    "benxi_shuangsuiji.web.middleware.PrivateByDefault",
    "benxi_shuangsuiji.web.middleware.OneDay",
    "benxi_shuangsuiji.web.middleware.Whence",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "benxi_shuangsuiji.web.middleware.CleanInput",
    "benxi_shuangsuiji.web.middleware.WrongMethod",
    "benxi_shuangsuiji.web.middleware.WithoutItsFile",
    "benxi_shuangsuiji.accounts.access.StaffSession",
    "benxi_shuangsuiji.accounts.access.AccessMarks",
    "inspections.outbox.receiving.Outbox",
    "benxi_shuangsuiji.forms.keys.OncePerForm",
    "axes.middleware.AxesMiddleware",
    "disclosure.site.freshness.Kept",
]

ROOT_URLCONF = "benxi_shuangsuiji.urls"
WSGI_APPLICATION = "benxi_shuangsuiji.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "benxi_shuangsuiji.web.frame.shell",
            ],
            "builtins": ["benxi_shuangsuiji.templatetags.words"],
        },
    }
]
FORM_RENDERER = "benxi_shuangsuiji.forms.words.Renderer"

# One login for each kind of work (decisions.md 10): web, worker, everybody who reads, and the owner who may change tables.
DATABASES = logins.databases(env, os.environ.get("BENXI_AS", ""))
OWNER_URL = env("DATABASE_OWNER_URL", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "benxi_shuangsuiji.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "benxi_shuangsuiji.accounts.passwords.SeveralKinds"},
    {"NAME": "benxi_shuangsuiji.accounts.passwords.NotCommon"},
    {"NAME": "benxi_shuangsuiji.accounts.passwords.NotLikeTheAccount"},
    {"NAME": "benxi_shuangsuiji.accounts.passwords.NotOfThisPlace"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "inspections:desk-home"
LOGOUT_REDIRECT_URL = "disclosure:home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "benxi_shuangsuiji.accounts.lockouts.Handler"  # who is counted together
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # guessing on does not make the pause longer
AXES_DISABLE_ACCESS_LOG = True
# What axes keeps of a failed attempt holds none of these (the page 改密码 asks for the old password through it).
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "old_password",
    "new_password",
    "new_password_again",
    "own_password",
]
# Certificate files (PEM) whose end `doctor` and /healthz/ watch; none where a gateway ends TLS.
TLS_CERTIFICATES = env.list("TLS_CERTIFICATES", default=[])
# Behind proxies everybody has the nearest one's address. Each of them adds to X-Forwarded-For from whom it has the request;
# what these addresses and networks (or `unix`, a socket) added is believed, from the right, and nothing beyond them.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
AXES_CLIENT_IP_CALLABLE = "benxi_shuangsuiji.accounts.access.client_address"

# Idle and absolute limits of a sign-in, in minutes (ui.md 7.3, GB/T 22239 8.1.4.1 b); on /field/ the absolute one alone.
SESSION_IDLE_MINUTES = 30
SESSION_ABSOLUTE_MINUTES = 12 * 60
FRESH_SIGN_IN_MINUTES = 5  # since the password was typed, for acts that ask for a fresh sign-in
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_FAILURE_VIEW = "benxi_shuangsuiji.web.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Whether every name below this one belongs to the office that runs the site, only it knows.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=False)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# What a process keeps of public pages, each made once for each state of the public data (disclosure.kept); 0 keeps none.
PUBLIC_PAGES_MIB = env.int("PUBLIC_PAGES_MIB", default=32)
# Tables and workbooks that were made for the public stand here until the public data changes (disclosure.kept_files).
PUBLIC_FILES_ROOT = VAR_DIR / "public"
# What one network address may ask of each process in a minute; 0: as much as it likes (disclosure.pace).
PUBLIC_PACE = {
    "files": env.int("PUBLIC_FILES_A_MINUTE", default=30),
    "api": env.int("PUBLIC_QUESTIONS_A_MINUTE", default=300),
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
warnings.filterwarnings("ignore", message="No directory at")  # files are found where they lie
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("manual", BASE_DIR / "docs" / "manual" / "img")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "media"
# Files that were received or made, under their SHA-256 (benxi_shuangsuiji.documents.vault): a directory, or with
# EVIDENCE_BUCKET an object storage that speaks S3, through the optional packages of the group `s3`.
EVIDENCE_ROOT = env("EVIDENCE_ROOT", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "benxi_shuangsuiji.web.static.ByContent"},
    "evidence": {"BACKEND": "benxi_shuangsuiji.documents.vault.Directory"},
}
if env("EVIDENCE_BUCKET", default=""):
    STORAGES["evidence"] = {
        "BACKEND": "benxi_shuangsuiji.documents.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": env("EVIDENCE_BUCKET"),
            "endpoint_url": env("EVIDENCE_ENDPOINT", default=None),
            "region_name": env("EVIDENCE_REGION", default=None),
            "access_key": env("EVIDENCE_ACCESS_KEY"),
            "secret_key": env("EVIDENCE_SECRET_KEY"),
        },
    }
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# The foot of every public page (ui.md 3): what the office that runs the site has been given.
SITE = {
    "identifier": env("SITE_IDENTIFIER", default=""),
    "icp": env("SITE_ICP", default=""),
    "police": env("SITE_POLICE", default=""),
    "portal_url": env("SITE_PORTAL_URL", default=""),
    "find_error_url": env("SITE_FIND_ERROR_URL", default=""),
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # a server that says nothing must not hold the worker (seconds)
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend":
    # Whole mails with their addresses do not belong in a log.
    EMAIL_BACKEND = "benxi_shuangsuiji.notices.mails.OnlyLogged"
# What mails lead to.
_said = env("SITE_URL", default="")  # what Compose hands on is empty where nobody wrote it
SITE_URL = _said or f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}"
# By which name public pages call the site, whoever asks by which: the one of PUBLIC_URL where the public has another than the office.
# Where neither was said and nothing is encrypted (a trial), the name that was asked by.
_public = urlsplit(env("PUBLIC_URL", default="") or (SITE_URL if HTTPS or _said else ""))
PUBLIC_HOST = _public.netloc if _public.hostname in ALLOWED_HOSTS else ""
# The robot of a group chat that is told each morning how many things are due, never which (`notices.webhook`).
WEBHOOK_URL = env("WEBHOOK_URL", default="")
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="shuangsuiji@localhost")

# At-least-once queue: a task is only a wake-up, rows of our own hold the state (decisions.md 10, reliability.md P12).
Q_CLUSTER = {
    "name": "benxi",
    # Nothing is called by the name that a row says (S3); the rounds are `schedule.LANES`.
    "scheduler": False,
    "workers": 1 if env.bool("DEMO_WORKER", default=False) else 2,
    "queue_limit": 1,
    "timeout": 600,
    "retry": 1500,
    "ack_failures": True,
    "max_rss": 700_000,
    "recycle": 50,
    "orm": "default",
    "poll": 1,
    "save_limit": 200,
}

# One JSON object a line, without addresses' queries; LOG_FORMAT=line for people. To stderr, or to LOG_FILE, which whoever
# rotates logs may move away: it is opened anew (docs/deploy/logrotate.conf).
LOG_FILE = env("LOG_FILE", default="")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "benxi_shuangsuiji.web.logs.Json"},
        "line": {
            "()": "benxi_shuangsuiji.web.logs.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "filters": {"quiet": {"()": "benxi_shuangsuiji.web.logs.Quiet"}},
    "handlers": {
        "log": {
            **(
                {"class": "logging.handlers.WatchedFileHandler", "filename": LOG_FILE, "delay": True}
                if LOG_FILE
                else {"class": "logging.StreamHandler"}
            ),
            "formatter": env("LOG_FORMAT", default="json"),
            "filters": ["quiet"],
        }
    },
    # Django's own handlers would print to the console what this one has masked.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "benxi_shuangsuiji.access": {"level": "INFO" if env.bool("LOG_REQUESTS", default=True) else "WARNING"},
    },
    "root": {"handlers": ["log"], "level": env("LOG_LEVEL", default="WARNING")},
}
# admin.E402 asks for a context processor that our pages of 名录后台 do not use; the two of security for the names below ours.
SILENCED_SYSTEM_CHECKS = ["axes.W003", "admin.E402", "security.W005", "security.W021"]
