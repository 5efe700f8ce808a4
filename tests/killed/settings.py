"""Settings of a web or worker that dies where a test says. No product module knows of it."""

from benxi_shuangsuiji.settings import *  # noqa: F403
from benxi_shuangsuiji.settings import MIDDLEWARE

MIDDLEWARE = ["tests.killed.steps.DiesOnRequest", *MIDDLEWARE]
