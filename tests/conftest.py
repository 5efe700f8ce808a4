"""Fixtures of the whole suite."""

import os
import threading
import uuid
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path

import pytest
from psycopg.pq import TransactionStatus

from benxi_shuangsuiji.machine import collector, equipment, standalone
from tests import clause_summary

if os.environ.get("BENXI_TEST_TEMPLATE"):
    from django.db import connections
    from django.db.backends.signals import connection_created

    from tests import database, putting

    connection_created.connect(putting.on_connection, dispatch_uid="putting")


def pytest_terminal_summary(terminalreporter):
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        terminalreporter.write_line(clause_summary.summary_line())


def pytest_collection_finish(session):
    collector.relax()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Work on this worker's copy of the template, as the runtime login."""
    # Two runs may share the server (`check_all --ci`): each without workers has its own copy too.
    name = os.environ["BENXI_TEST_TEMPLATE"] + "_" + os.environ.get("PYTEST_XDIST_WORKER", f"main{os.getpid()}")
    with database.copy_of_template(name):
        _use(name)
        yield
        with django_db_blocker.unblock():
            connections.close_all()


def _use(name):
    old = connections["default"].settings_dict["NAME"]
    for alias in ("default", "public"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    return old


@contextmanager
def _as_role(role, path):
    """On the connection of a test that is rolled back, which alone sees its rows; past Django, which counts statements."""
    line = connections["default"].connection
    before = line.execute(
        "SELECT current_setting('role'), current_setting('search_path'), set_config('role', %s, true),"
        " set_config('search_path', %s, true)",
        [role, path],
    ).fetchone()[:2]
    try:
        yield
    finally:
        if (
            line.info.transaction_status != TransactionStatus.INERROR
        ):  # else the test has failed, or goes back to where it was itself
            line.execute("SELECT set_config('role', %s, true), set_config('search_path', %s, true)", before)


@pytest.fixture(scope="session", autouse=True)
def _public_pages_see_the_rows_of_the_test():
    """In a transaction of a test a public page cannot have a connection of its own: it takes the role of the login on this one."""
    from benxi_shuangsuiji.database import logins, reading

    own_line = reading.line

    def line(alias=reading.PUBLIC_ALIAS):
        if connections["default"].in_atomic_block:
            return _as_role(logins.PUBLIC, logins.LOGINS[logins.PUBLIC].path)
        return own_line(alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "line", line)
        yield


@contextmanager
def _working():
    """Inside, the worker's login asks: as a role in the transaction of a test, else on a connection of its own."""
    from environ import Env

    from benxi_shuangsuiji.database import logins

    web = connections["default"]
    if web.in_atomic_block:
        with _as_role(logins.WORKER, "public"):
            yield
        return
    worker = web.copy()
    worker.settings_dict.update(logins.databases(Env(), "worker")["default"], NAME=web.settings_dict["NAME"])
    connections["default"] = worker
    try:
        yield
    finally:
        connections["default"] = web
        worker.close()


@pytest.fixture
def as_worker(request):
    """The test does what the worker does, as its login."""
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    with _working():
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_worker_does_what_is_its_own():
    """Whatever a test plays, these are done by the worker: no other login may (`database.rights`)."""
    from benxi_shuangsuiji.audit import watch
    from benxi_shuangsuiji.documents import jobs
    from disclosure.register import signing

    def by_worker(act):
        @wraps(act)
        def acted(*args, **kwargs):
            with _working():
                return act(*args, **kwargs)

        return acted

    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((jobs, "wake"), (signing, "sign_newest"), (watch, "watch")):
            patch.setattr(module, name, by_worker(getattr(module, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _numbers_of_the_code():
    """Tests read the numbers of the plan without a database; those that change them by data say so (附-b)."""
    from benxi_shuangsuiji import policy
    from benxi_shuangsuiji.policy import first_use

    policy.use(None)
    first_use.use(None)


@pytest.fixture(scope="session", autouse=True)
def _city_of_the_first_filling():
    """Tests know the city without a database; those that change its names by data say so (`city_by_data`)."""
    from benxi_shuangsuiji.accounts import benxi, city

    city.use(lambda: benxi.CITY)


@pytest.fixture
def city_by_data():
    """The names and districts that the test approves or fills in."""
    from benxi_shuangsuiji.accounts import benxi, city
    from benxi_shuangsuiji.accounts.known_city import known_city

    known_city.forget()
    city.use(known_city)
    yield known_city
    city.use(lambda: benxi.CITY)
    known_city.forget()


@pytest.fixture(scope="session", autouse=True)
def _files_of_this_run(tmp_path_factory):
    """Whoever runs the tests keeps his own files: the nightly round takes away what no row of its database knows."""
    from django.test import override_settings

    # Nor does anybody sign for him: a test of the register has a key of its own.
    # And a page is made anew at every question, with the facts that a test asks of it (`pages_kept`).
    # A whole run asks as often as it likes.
    folders = {name: tmp_path_factory.mktemp(name.lower()) for name in ("MEDIA_ROOT", "PUBLIC_FILES_ROOT")}
    with override_settings(**folders, REGISTER_KEY="", PUBLIC_PAGES_MIB=0, PUBLIC_PACE={"files": 0, "api": 0}):
        yield


@pytest.fixture
def pages_kept(settings, monkeypatch, tmp_path):
    """Public pages are kept as on a server, but that their state is asked at every question."""
    from disclosure import kept

    settings.PUBLIC_PAGES_MIB, settings.PUBLIC_FILES_ROOT = 32, tmp_path / "public"
    monkeypatch.setattr(kept, "ASK_AGAIN", 0)
    kept.SHELF.clear()
    yield kept.SHELF
    kept.SHELF.clear()


@pytest.fixture(scope="session", autouse=True)
def _fresh_sign_ins():
    """A long walk signs in once; a test of the fresh sign-in says itself how long ago that was.

    The second factor needs no fixture: databases of tests are marked as demos, which ask for none (`asks_for_code`).
    """
    from django.test import override_settings

    with override_settings(FRESH_SIGN_IN_MINUTES=600):
        yield


@pytest.fixture
def asks_for_code(settings, monkeypatch):
    """As on a server: who may write gives the code of his phone, and the password again after five minutes."""
    from benxi_shuangsuiji.accounts import second_factor

    monkeypatch.setattr(second_factor, "is_skipped", lambda: False)
    settings.FRESH_SIGN_IN_MINUTES = 5


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes():
    """Argon2id with the least work: a test asks whether a password fits, never how long guessing it would take."""
    from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher

    Hasher.time_cost, Hasher.memory_cost, Hasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once():
    """Every test client sets up WhiteNoise anew, which would look through all static files each time."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def once(self):
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _texts_as_described():
    """Whatever a test of the suite publishes is a text as the JSON Schema of its kind says (四(3)-e)."""
    from django.db.models.signals import post_save

    from disclosure.models import Publication
    from tests.disclosure.opendata.descriptions import differences

    def holds(instance, created, **_):
        if created and (wrong := differences(instance.kind, instance.text)):
            raise AssertionError(f"{instance.kind} {instance.no}: {wrong}")

    post_save.connect(holds, sender=Publication)
    yield
    post_save.disconnect(holds, sender=Publication)


@pytest.fixture
def by_data():
    """The policy with the changes that the test approves."""
    from benxi_shuangsuiji import policy
    from benxi_shuangsuiji.notices.numbers import actions as policy_changes

    policy_changes.forget()
    policy.use(policy_changes.approved)
    yield
    policy.use(None)
    policy_changes.forget()


@pytest.fixture
def fresh_installation(db):
    """The day of first use is asked of the database, where nobody has fixed it yet (二-a)."""
    from benxi_shuangsuiji.notices.first_use.actions import fixed_day
    from benxi_shuangsuiji.policy import first_use

    fixed_day.forget()
    first_use.use(fixed_day)
    yield
    first_use.use(None)
    fixed_day.forget()


@pytest.fixture
def papers_as_text(monkeypatch):
    """A paper is answered as the page that it is printed from: its words can be read, and nothing is typeset."""
    from benxi_shuangsuiji.documents import pdf

    monkeypatch.setattr(pdf, "render", lambda html, **_: html.encode())


class TestClock:
    """Moves the one clock of the database in use; `at("2026-07-09 21:40")`."""

    __test__ = False

    def __call__(self, moment, *, running=False):
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=database.CHINA)
        moment = database.at_the_hour(moment)
        database.set_clock(connections["default"].settings_dict["NAME"], moment, running=running)
        return moment


@pytest.fixture(autouse=True)
def _clock_back():
    """The clock of the shared database stands outside the transaction of a test: what a factory has moved is put back."""
    yield
    name = connections["default"].settings_dict["NAME"]
    if name in database.moved:
        database.set_clock(name, database.START)


@pytest.fixture
def at(request):
    """Set the clock for one test; it stands at `database.START` before and after."""
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    clock = TestClock()
    yield clock
    clock(database.START)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A database of its own for a test that commits: threads, live servers, workers."""
    name = f"{os.environ['BENXI_TEST_TEMPLATE']}_{uuid.uuid4().hex[:8]}"
    with database.copy_of_template(name), django_db_blocker.unblock():
        old = _use(name)
        try:
            yield name
        finally:
            connections.close_all()
            _use(old)


@pytest.fixture
def site(own_database):
    """The whole application served on a free port from a thread; yields its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer

    from benxi_shuangsuiji.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), _quiet_handler())
    server.daemon_threads = True
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def _quiet_handler():
    from django.core.servers.basehttp import WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    return Quiet


@pytest.fixture(scope="session")
def chromium():
    """A real browser for the session, or a visible skip."""
    path = os.environ.get("BENXI_CHROMIUM") or next(
        (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None
    )
    if not path or not equipment.has_browser(standalone.var()):
        pytest.skip("本机没有浏览器，或缺少驱动浏览器的 libatomic")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        # Playwright leaves an event loop running in this thread, and Django then refuses the database here.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, site):
    """A fresh browser page on the served application; relative addresses work."""
    context = chromium.new_context(base_url=site, locale="zh-CN", viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()
