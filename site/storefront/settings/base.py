"""What is true of the shop wherever it runs. Only settings read the environment."""

from django.utils.translation import gettext_lazy as _

from .environment import BASE_DIR, DATA_DIR, env
from .tasks import *  # noqa: F403

# --- Who we are ------------------------------------------------------------------------------

# Absolute links in mails and at the payment provider start here, never at the Host header.
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
SHOP_CURRENCY = env("SHOP_CURRENCY", default="EUR")
# Whether the prices that are entered and shown contain VAT, as consumers must be told, or not, as
# businesses are used to. A choice of the deployment, not a switch in the admin: it decides what
# every stored price means, so turning it under a running shop would change all of them at once.
PRICES_INCLUDE_TAX = env.bool("PRICES_INCLUDE_TAX", default=True)
# Whose tax rates and shipping zone hold until the shopper has named a country.
SHOP_COUNTRY = env("SHOP_COUNTRY", default="DE")
# What pages and search engines are told of returns: within how many days, and whether the shop
# pays the way back. Fourteen days are the least for consumers in the EU (2011/83/EU, Art. 9).
RETURN_DAYS = env.int("RETURN_DAYS", default=14)
FREE_RETURNS = env.bool("FREE_RETURNS", default=False)

WAGTAIL_SITE_NAME = "Still Leaf"
WAGTAILADMIN_BASE_URL = BASE_URL

# --- Applications ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "storefront",
    "home",
    "products",
    "cart",
    "checkout",
    "invoices",
    "mailing",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_countries",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Answers most requests for a page, so it comes before everything that costs.
    "storefront.page_cache.middleware.PageCache",
    "storefront.page_cache.desk.DeskCookie",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storefront.headers.SecurityHeaders",
    "storefront.bad_input.RefuseUnreadableInput",
    "storefront.known_site.KnownSite",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "storefront.redirects.Redirects",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cart.context_processors.cart",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # Writers queue at BEGIN; without it half of them meet "database is locked" when they write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # NORMAL: after a power cut the last commits may be missing, but the file is never corrupt.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
POSTGRESQL_OPTIONS = {
    # Statements are prepared the fifth time: planning them anew was half of the database's work.
    # Behind a pooler that changes connections between transactions they must not be.
    "server_side_binding": True,
    "prepare_threshold": 5 if env.bool("PREPARED_STATEMENTS", default=True) else None,
    "connect_timeout": 3,
    "options": (
        "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=15s"
        # To start helpers takes longer than what a page asks for, and others need the cores.
        " -c max_parallel_workers_per_gather=0"
    ),
}

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/shop.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["OPTIONS"] = POSTGRESQL_OPTIONS
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sessions and cache ----------------------------------------------------------------------

# In the database: a cache that forgets would empty carts, or bring a logged-out session back.
SESSION_ENGINE = "cart.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
# Not in the session: a message must not give a visitor who only looks a session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "storefront.expendable_cache.ExpendableCache"
    # The cache may vanish at any time; waiting for it would be worse than missing.
    CACHES["default"]["OPTIONS"] = {
        "socket_timeout": 0.5,
        "socket_connect_timeout": 0.5,
        "serializer": "storefront.caching.JSONSerializer",
    }
# Several shops may share one cache server.
CACHES["default"]["KEY_PREFIX"] = env("CACHE_PREFIX", default="")
# Wagtail keeps whole model instances here, which would have to be pickled for a server.
CACHES["renditions"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# The views whose pages are the same for everybody, and what their addresses may ask for: any other
# parameter is dropped, from the page cache's keys and from the request the page is built of.
SHARED_VIEWS = ("wagtail_serve", "sitemap", "sitemap_file", "llms")
SHARED_PARAMETERS = (
    "page", "sku", "sort", "category", "option", "price_from", "price_to", "available",
)  # fmt: skip

# A cache in front of the shop that can be told to forget: one that takes PURGE, or a zone at
# Cloudflare. Empty: nobody is told, and pages there are a minute old at most.
WAGTAILFRONTENDCACHE: dict[str, dict[str, str]] = {}
if location := env("CDN_PURGE_URL", default=""):
    WAGTAILFRONTENDCACHE["purge"] = {
        "BACKEND": "wagtail.contrib.frontend_cache.backends.http.HTTPBackend",
        "LOCATION": location,
    }
if zone := env("CDN_CLOUDFLARE_ZONE", default=""):
    WAGTAILFRONTENDCACHE["cloudflare"] = {
        "BACKEND": "wagtail.contrib.frontend_cache.backends.cloudflare.CloudflareBackend",
        "ZONEID": zone,
        "BEARER_TOKEN": env("CDN_CLOUDFLARE_TOKEN"),
    }

# Limits per client address mean nothing where a CDN's address is all the shop sees of a visitor.
# So many proxies of ours add their caller to X-Forwarded-For.
PROXIES = env.int("PROXIES", default=0)
LIMIT_BY_ADDRESS = env.bool("LIMIT_BY_ADDRESS", default=True)

# --- Payments --------------------------------------------------------------------------------

STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
# More than one while a secret is being rotated.
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
# Empty: Stripe itself. The sandbox's address in development.
STRIPE_API_BASE = env("STRIPE_API_BASE", default="")

# --- VAT ids ---------------------------------------------------------------------------------

# The member states' register, asked after an order if its VAT id is in force. Empty: not asked.
VIES_URL = env("VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api")

# --- Mail ------------------------------------------------------------------------------------

vars().update(mail := env.email_url("EMAIL_URL", default="consolemail://"))
# Only workers and who asks for a new password wait for a mail server; other mails become rows.
MAIL_TRANSPORT = mail["EMAIL_BACKEND"]
EMAIL_BACKEND = "mailing.postbox.Postbox"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Still Leaf <shop@example.com>")

# --- Files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Invoices. Never below a public address: views hand them out after asking whose they are.
PRIVATE_ROOT = DATA_DIR / "private"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Europe/Berlin")

# --- Security --------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
X_FRAME_OPTIONS = "DENY"  # Wagtail makes its own exception for previews
SECURE_REFERRER_POLICY = "same-origin"
# Of a whole request, in bytes: above every limit that a form names below.
LARGEST_UPLOAD = 24 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "storefront.uploads.RefuseEndlessUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a Wagtail page form with many blocks

# --- Wagtail ---------------------------------------------------------------------------------

# No calls to the outside from the admin.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "storefront.named_fields.LabelledEditor"},
}
# Drawings that run scripts (SVG) and films in disguise (GIF) are no pictures here.
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "storefront.uploads.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
# Asked of the file's header: a picture of 20,000 by 20,000 is refused before it is unpacked.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # whatever it is, it is saved and not shown
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "storefront.desk_search"
        if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
        else "wagtail.search.backends.database"
    }
}

# --- Logs ------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"secrets": {"()": "storefront.logs.HideSecretLinks"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # A line for every page saved and every index row written.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        # Every call, with addresses that name payment pages; every font of every PDF.
        "stripe": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
    },
}
