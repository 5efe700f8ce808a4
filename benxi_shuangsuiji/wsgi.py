"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from benxi_shuangsuiji.machine import standalone

standalone.settle()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
application = get_wsgi_application()
