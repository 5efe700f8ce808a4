"""WSGI entry for gunicorn. It does not start where that would be unsafe (`web.start`)."""

import os

from django.core.wsgi import get_wsgi_application

from benxi_shuangsuiji.machine import collector, standalone

standalone.settle()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
application = get_wsgi_application()

from benxi_shuangsuiji.web.start import Guarded  # noqa: E402  (needs the settings)

application = Guarded(application)
collector.relax()
