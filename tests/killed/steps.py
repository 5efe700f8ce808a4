"""The steps of a process, one by one, and its death at one of them: kill -9, as when the power goes.

A step is each statement to the database, each commit (before it and after it), each file written through to the disk, the
rename that lets it appear, each child process, each paper that is laid out, each file taken away, each mail, and the answer
itself.
"""

import os
import signal
import subprocess
import threading
from contextlib import contextmanager

from django.core.mail import EmailMessage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from benxi_shuangsuiji.documents import pdf, vault

DIE_AT, EVERYBODY, STEPS = "X-Die-At", "X-Die-Everybody", "X-Steps"
_of_this_thread = threading.local()


class Steps:
    """What one request or job does. At the step `die_at` the process is gone; with `everybody` its whole family."""

    def __init__(self, die_at: int = 0, everybody: bool = False):
        self.die_at, self.everybody, self.seen = die_at, everybody, []

    def __call__(self, label: str) -> None:
        self.seen.append(label)
        if len(self.seen) == self.die_at:
            if self.everybody:
                os.killpg(os.getpgrp(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def counted(self):
        _of_this_thread.steps = self
        try:
            with connection.execute_wrapper(self._statement):
                yield
        finally:
            _of_this_thread.steps = None

    def _statement(self, execute, sql, params, many, context):
        self(" ".join(sql.split()[:3])[:60])
        return execute(sql, params, many, context)


def _step(label: str) -> None:
    if steps := getattr(_of_this_thread, "steps", None):
        steps(label)


def _watch(owner, name: str, label: str) -> None:
    real = getattr(owner, name)

    def watched(*args, **kwargs):
        _step(f"before {label}")
        made = real(*args, **kwargs)
        _step(f"after {label}")
        return made

    setattr(owner, name, watched)


def lay_out_once() -> None:
    """Before any fork: a process that loads the layout engine asks a hundred children where its libraries lie, which is no
    step of a paper, and reads the fonts."""
    if pdf.available():
        pdf.render('<meta name="dcterms.created" content="2026-07-06T10:00:00+08:00"><p>字体</p>')


def watch_everything() -> None:
    for owner, name, label in (
        (os, "fsync", "fsync"),
        (os, "replace", "rename"),
        (subprocess.Popen, "__init__", "child"),
        (pdf, "render", "layout"),
        (vault, "take_away", "removal"),
        (EmailMessage, "send", "mail"),
        (BaseDatabaseWrapper, "_commit", "commit"),
    ):
        _watch(owner, name, label)


class DiesOnRequest:
    """Outermost of all, so that the steps of a request are all of it."""

    def __init__(self, get_response):
        self.get_response = get_response
        watch_everything()

    def __call__(self, request):
        steps = Steps(int(request.headers.get(DIE_AT, 0)), EVERYBODY in request.headers)
        with steps.counted():
            response = self.get_response(request)
            steps("answer")
        response[STEPS] = "; ".join(steps.seen).encode("ascii", "replace").decode()
        return response
