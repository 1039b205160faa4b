"""Django's settings. The defaults just run; what differs elsewhere comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF

from config import logs, mail, oidc, redis
from config.database import from_url, sqlite
from config.env import env_bool, env_list, env_networks, env_port, env_rate, env_str
from config.keys import keys_from

BASE_DIR = Path(__file__).resolve().parent.parent
WEIRFLOW_HOME = Path(env_str("WEIRFLOW_HOME", str(BASE_DIR / "var"))).resolve()
WEIRFLOW_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
MODULES_DIR = Path(env_str("WEIRFLOW_MODULES_DIR", str(BASE_DIR / "modules"))).resolve()
"""Folders with `examples/*.yaml`: flows to start from. They are read as data."""
WEIRFLOW_HOST = env_str("WEIRFLOW_HOST", "127.0.0.1")
WEIRFLOW_PORT = env_port("WEIRFLOW_PORT", 8000)
HTTPS = env_bool("WEIRFLOW_HTTPS", False)
"""The browser reaches us by https (a proxy in front ends TLS): cookies are sent over https only."""

TRUSTED_PROXIES = env_networks("WEIRFLOW_TRUSTED_PROXIES")
"""Whose X-Forwarded-For is believed; nobody's by default."""

DEBUG = env_bool("WEIRFLOW_DEBUG", False)
WEIRFLOW_KEYS_DIR = Path(env_str("WEIRFLOW_KEYS_DIR", str(WEIRFLOW_HOME))).resolve()
SECRET_KEY, *SECRET_KEY_FALLBACKS = keys_from("WEIRFLOW_SECRET_KEYS", WEIRFLOW_KEYS_DIR / "secret_key")
WEIRFLOW_DATA_KEYS = keys_from("WEIRFLOW_DATA_KEYS", WEIRFLOW_KEYS_DIR / "data_keys")
"""What secrets in the database are sealed with; the first seals, all of them open."""
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env_list("WEIRFLOW_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in env_list("WEIRFLOW_ALLOWED_HOSTS")] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth.account",
    "allauth.mfa",
    "config",
    "projects",
    "editor",
]
MIDDLEWARE = [
    "config.middleware.Context",
    "config.middleware.Security",
    "config.middleware.Policy",
    "config.middleware.Characters",
    "config.middleware.Limits",
    "config.middleware.Session",
    "config.middleware.Common",
    "config.middleware.Csrf",
    "config.middleware.Authentication",
    "config.middleware.Seen",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.Frames",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "projects.theme.theme",
                "projects.comments.bell.bell",
            ]
        },
    }
]

_DATABASE_URL = env_str("WEIRFLOW_DATABASE_URL", "")
DATABASES = {"default": from_url(_DATABASE_URL) if _DATABASE_URL else sqlite(WEIRFLOW_HOME / "web.db")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_str("WEIRFLOW_REDIS_URL", "")
if REDIS_URL:
    redis.checked(REDIS_URL)
    CHANNEL_LAYERS = {"default": redis.channel_layer(REDIS_URL)}
    CACHES = {"default": redis.cache(REDIS_URL)}
else:
    # One web process on a laptop: a message to all browsers is one call, and the hub fans it out.
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    # It counts tries and remembers codes that were used: out of 300 entries, the default, somebody could push them.
    _MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    CACHES = {"default": _MEMORY}

_SMTP_URL = env_str("WEIRFLOW_SMTP_URL", "")
SENDS_MAIL = bool(_SMTP_URL)
if SENDS_MAIL:
    globals().update(mail.from_url(_SMTP_URL))
DEFAULT_FROM_EMAIL = env_str("WEIRFLOW_MAIL_FROM", "Weirflow <weirflow@localhost>")

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
# What we use of django-allauth, and what not: docs/adr/0072.
ACCOUNT_ADAPTER = "projects.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "second_factor": "20/m/ip,5/5m/key",
    "accept_invitation": "10/m/ip",
}
OIDC_NAME = ""
"""What the OpenID Connect provider is called on our pages; empty: there is none."""
OIDC_DOMAINS = env_list("WEIRFLOW_OIDC_DOMAINS")
if (_oidc := oidc.from_env()) is not None:
    globals().update(_oidc)
    INSTALLED_APPS += oidc.APPS
MFA_ADAPTER = "projects.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Weirflow"
# A code that is typed as the app turns to the next one is a right one, and clocks differ by some seconds.
MFA_TOTP_TOLERANCE = 1

LIMITS = {
    "api": env_rate("WEIRFLOW_LIMIT_API", "200/3000"),
    "anonymous": env_rate("WEIRFLOW_LIMIT_ANONYMOUS", "20/1000"),
    "sign_in": env_rate("WEIRFLOW_LIMIT_SIGN_IN", "5/300"),
    "socket": env_rate("WEIRFLOW_LIMIT_SOCKETS", "20/1000"),
    "invitation": env_rate("WEIRFLOW_LIMIT_INVITATIONS", "0.01/50"),
}
"""Requests a second and at once, at each door of `projects.limits`."""

LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "project_list"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_ENGINE = "config.sessions"
AUTHENTICATION_BACKENDS = ["config.sessions.PersonBackend"]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_NAME = "weirflow_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "projects.views.errors.csrf_failure"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if HTTPS else 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
"""Bytes of a request's body: twice the 2 MiB of a batch of operations, whose JSON may come with escapes."""

STATIC_URL = "/static/"
STATIC_ROOT = WEIRFLOW_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

BROKER_DIR = WEIRFLOW_HOME / "broker"
CELERY_BROKER_URL = env_str("WEIRFLOW_BROKER_URL", REDIS_URL or "filesystem://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
if CELERY_BROKER_URL == "filesystem://":
    CELERY_BROKER_TRANSPORT = "config.broker:Transport"
    for _folder in ("messages", "control"):
        (BROKER_DIR / _folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.25,
    }
elif CELERY_BROKER_URL.startswith(redis.SCHEMES):
    CELERY_BROKER_TRANSPORT_OPTIONS = redis.broker_options()

USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": logs.formatter(),
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("WEIRFLOW_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},
        # Anybody can send a wrong Host header: the answer is 400, and no traceback for each fills the log.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"handlers": [], "propagate": True},
        "daphne": {"level": "WARNING"},
        # A traceback each second while Redis is away: who sends a message says it in a line.
        "channels_redis": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "ERROR"},
    },
}
