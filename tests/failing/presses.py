"""Many presses of one button at one moment."""

import threading

from django.db import connections
from django.http import HttpResponse
from django.test import Client

from tests.browsing import signed_in
from tests.failing.acts import Press


def at_once(press: Press, many: int, first_key: str = "") -> list[HttpResponse]:
    """So many windows of one person send the same form at the same moment, each with a key of its own."""
    browsers = [signed_in(press.user) for _ in range(many)]
    start, answers = threading.Barrier(many), [None] * many

    def run(n: int, browser: Client):
        browser.raise_request_exception = False
        try:
            start.wait(60)
            answers[n] = press.send(browser, first_key if n == 0 else "")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return answers


def was_done(answer: HttpResponse) -> bool:
    """As `forms.pages` says of every act that was carried out."""
    return getattr(answer.wsgi_request, "carried_out", False)
