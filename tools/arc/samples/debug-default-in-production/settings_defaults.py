DEBUG = os.environ.get("DEBUG", "True") == "True"
SECRET_KEY = os.environ.get("SECRET_KEY", "insecure-development-key")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*").split(",")
SESSION_COOKIE_SECURE = os.environ.get("COOKIE_SECURE", "False") == "True"
CORS_ALLOW_ALL_ORIGINS = bool(os.environ.get("CORS_ALLOW_ALL", True))
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "sqlite:///db.sqlite3")
    ),
}
