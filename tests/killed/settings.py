"""Settings of a web or worker that dies where a test says. No product module knows of it."""

from benxi_shuangsuiji.settings import *  # noqa: F403
from benxi_shuangsuiji.settings import MIDDLEWARE, VAR_DIR

MIDDLEWARE = ["tests.killed.steps.DiesOnRequest", *MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mails"
