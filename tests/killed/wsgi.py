"""The application, warm before it is forked: a worker that is killed a hundred times does not read every module again."""

from django.db import connections
from django.urls import get_resolver

from benxi_shuangsuiji.wsgi import application
from tests.killed.steps import lay_out_once

assert get_resolver().url_patterns and application
lay_out_once()
connections.close_all()
