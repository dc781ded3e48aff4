"""Django settings, all from the environment; the operator's manual (docs/运维手册.md) lists each name and its meaning."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jiujin.core import environment
from jiujin.core.environment import listed, one_of, switch, text, var_dir, web_address, whole_number
from jiujin.core.keys import data_keys, index_key
from jiujin.web.database import database_from_url
from jiujin.web.logs import logging_config

VAR_DIR = var_dir()
DEMO = switch("JIUJIN_DEMO")
DEMO_PEOPLE = whole_number("JIUJIN_DEMO_PEOPLE", 2000, at_least=1, at_most=environment.DEMO_PEOPLE_MAX)
DEBUG = False  # pages of errors are ours; JIUJIN_DEBUG only makes the logs fuller
PLAN = text("JIUJIN_PLAN", "jinan-2022")
PLAN_SECONDS = 1.0  # how long a change of the pack's files may go unnoticed

# --- who may reach it -------------------------------------------------------------------------------------------------

SECRET_KEY = text("JIUJIN_SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "没有设置 JIUJIN_SECRET_KEY，没有启动。请设一个 50 个字符以上的随机值，并一直用同一个；只想试用，请运行 make run。"
    )
DATA_KEYS = data_keys(listed("JIUJIN_DATA_KEYS"), demo=DEMO)
INDEX_KEY = index_key(text("JIUJIN_INDEX_KEY"), demo=DEMO)
ALLOWED_HOSTS = listed("JIUJIN_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = listed("JIUJIN_ORIGINS")
PROXIES = whole_number("JIUJIN_PROXIES", 0, at_least=0, at_most=5)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_COOKIES = switch("JIUJIN_SECURE_COOKIES", default=not DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_COOKIES else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "jiujin.web.errors.form_expired"

# Sessions and messages live in signed cookies, so that a GET writes nothing.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = whole_number("JIUJIN_SESSION_HOURS", 8, at_least=1, at_most=168) * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_LENGTH_MIN = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            {"user_attributes": ("username", "display_name")},
        ),
        ("jiujin.accounts.passwords.LongEnough", {"min_length": PASSWORD_LENGTH_MIN}),
        ("django.contrib.auth.password_validation.CommonPasswordValidator", {}),
        ("django.contrib.auth.password_validation.NumericPasswordValidator", {}),
    )
]

# --- what it is made of -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "leaflet",  # for its static files alone; GeoDjango is not asked for
    "procrastinate.contrib.django",
    "jiujin.core",
    "jiujin.accounts",
    "jiujin.registry",
    "jiujin.work",
    "jiujin.circles",
    "jiujin.internships",
    "jiujin.fairs",
    "jiujin.schools",
    "jiujin.claims",
    "jiujin.funds",
    "jiujin.exchange",
    "jiujin.web",
]
MIDDLEWARE = [
    "jiujin.web.health.health_check",
    "jiujin.web.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jiujin.web.language.language_by_switch",
    "jiujin.web.middleware.bounded_upload",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "jiujin.web.middleware.read_only_reads",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "jiujin.web.urls"
WSGI_APPLICATION = "jiujin.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiujin.web.context.shell",
            ],
        },
    }
]

# --- where it keeps things --------------------------------------------------------------------------------------------

DATABASES = {"default": database_from_url(text("JIUJIN_DATABASE_URL"))}
NEAR_FOLLOWS = True  # the index of vacancies follows the database; tests read them anew at each search
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

UPLOAD_MAX_BYTES = whole_number("JIUJIN_UPLOAD_MB", 100, at_least=1, at_most=2000) * 1024 * 1024
EVIDENCE_MAX_BYTES = whole_number("JIUJIN_EVIDENCE_MB", 20, at_least=1, at_most=200) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MEDIA_ROOT = VAR_DIR / "files"
ROSTER_DAYS_KEPT = whole_number("JIUJIN_ROSTER_DAYS", 90, at_least=1, at_most=3650)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- what leaves it ----------------------------------------------------------------------------------------------------

MESSAGE_CARRIER = text("JIUJIN_MESSAGE_CARRIER")
MESSAGE_DAYS_KEPT = whole_number("JIUJIN_MESSAGE_DAYS", 30, at_least=1, at_most=3650)
GEOCODER = text("JIUJIN_GEOCODER")
MAP_TILES = web_address("JIUJIN_MAP_TILES")

# --- how it speaks ----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [environment.PROJECT_DIR / "src" / "jiujin" / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGGING = logging_config(one_of("JIUJIN_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"))
