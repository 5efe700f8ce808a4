"""Web and worker refuse to start where that would be unsafe, with a sentence for each reason (S7, reliability P29).

A demo's database, which only its owner can mark, is exempt: it runs on one machine with invented data.
"""

import sys
import threading

from django.core.checks import ERROR, Tags, run_checks
from django.db import OperationalError, connections

from benxi_shuangsuiji import clock

# The code with which a web worker tells gunicorn that it cannot start: gunicorn then stops, and does not try for ever.
NOT_STARTED = 3
ASKED = [Tags.security, Tags.database, Tags.urls]


def why_not_start() -> list[str]:
    """Every reason, in Chinese. Raises OperationalError while the database does not answer."""
    deploy = not clock.is_demo()
    found = run_checks(tags=ASKED, include_deployment_checks=deploy, databases=["default"])
    return [
        f"{message.msg}（{message.id}）" for message in found if message.level >= ERROR and not message.is_silenced()
    ]


def say(reasons: list[str]) -> None:
    print("系统没有启动：", *reasons, sep="\n  ", file=sys.stderr, flush=True)  # noqa: T201 - before any logging


def refuse_unsafe() -> bool:
    """End the process where starting is unsafe. False: the database did not answer, so it is to be asked again."""
    try:
        reasons = why_not_start()
    except OperationalError:
        return False
    finally:
        connections.close_all()  # a server that forks its workers must not hand on an open line
    if reasons:
        say(reasons)
        sys.exit(NOT_STARTED)
    return True


class Guarded:
    """The application, which answers nothing before the checks have passed.

    A worker that is born while the database is away would otherwise never have been asked; and ending it would stop
    the web server, though the database soon comes back.
    """

    def __init__(self, application):
        self.application = application
        self.safe = refuse_unsafe()
        self.one = threading.Lock()

    def __call__(self, environ, start_response):
        if not self.safe:
            with self.one:
                self.safe = self.safe or self._ask()
        if self.safe is None:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
            return ["系统没有启动，原因见网站的日志。\n".encode()]
        return self.application(environ, start_response)

    @staticmethod
    def _ask() -> bool | None:
        """True: safe. False: nobody answers yet, and the pages say so themselves. None: unsafe."""
        try:
            reasons = why_not_start()
        except OperationalError:
            return False
        if reasons:
            say(reasons)
        return None if reasons else True
