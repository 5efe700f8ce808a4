"""A crowd of the public does not reach the office, and public pages outlive the program (P26, operations.md 3 and 7); with the real nginx."""

import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests import database
from tests.setup.front import Front, there_is_nginx

pytestmark = [
    pytest.mark.slow("processes"),
    pytest.mark.skipif(not there_is_nginx(), reason="本机没有 nginx"),
]
DAY = 24 * 3600


@pytest.fixture(scope="module")
def front(django_db_setup, tmp_path_factory):
    name = f"{os.environ['BENXI_TEST_TEMPLATE']}_{uuid.uuid4().hex[:8]}"
    with database.copy_of_template(name):
        folder = tmp_path_factory.mktemp("front")
        folder.chmod(0o755)
        mine = {
            **database.on(name),
            "BENXI_VAR": str(folder / "var"),
            "BENXI_PYTHON_READY": "1",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        mine.pop("DATABASE_OWNER_URL", None)
        (folder / "var").mkdir()
        with Front(folder, {"office": mine, "public": mine}) as front:
            front.database = name
            yield front


def let_in(front: Front, allowed: bool) -> None:
    """The database takes no connection any more, and ends those that there are."""
    with database.owner_connection() as cursor:
        cursor.execute(f'ALTER DATABASE "{front.database}" ALLOW_CONNECTIONS {allowed}')
        if not allowed:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [front.database]
            )


@pytest.mark.story("O3")
@pytest.mark.promise("P26")
def test_a_word_that_a_page_does_not_know_makes_no_page_anew(front):
    """operations.md 3: the key was the whole address, and `/?x=…` a miss each time."""
    first = front.get("/")
    assert (first.status, first.kept) == (200, "MISS")
    assert first.headers["Cache-Control"] == "public, max-age=60"  # how long the proxy goes on is its own matter
    again = [front.get(f"/?x={n}&utm_source={n}") for n in range(30)]
    assert {(a.status, a.kept, a.body) for a in again} == {(200, "HIT", first.body)}
    assert front.get("/notices/?page=2&x=1").kept == "MISS"
    assert [front.get(f"/notices/?{n}=x&page=2").kept for n in "abc"] == ["HIT"] * 3
    assert front.get("/notices/?page=3").kept == "MISS" and front.get("/notices/?q=3").kept == "MISS"
    for path in ("/results/", "/enterprises/", "/statistics/"):
        front.get(path)
        assert [front.get(f"{path}?{n}=x").kept for n in "abc"] == ["HIT"] * 3, path
    assert front.get("/results/export.csv?x=1").status == 400  # a file is asked for by what it knows


def test_who_asks_too_fast_is_told_so_and_nobody_else(front):
    def asked(n: int):
        return front.get("/notices/?page=1", address="203.0.113.9")

    assert asked(0).status == 200
    with ThreadPoolExecutor(8) as crowd:
        told = [said for said in crowd.map(asked, range(400)) if said.status == 429]
    assert told and "来得太多" in told[0].body.decode() and told[0].headers["Retry-After"] == "60"
    assert front.get("/notices/?page=1", address="203.0.113.10").status == 200
    assert front.get("/", address="203.0.113.9").status == 200  # what is kept costs nothing


@pytest.mark.story("O3")
@pytest.mark.promise("P26")
def test_the_office_answers_while_the_group_of_the_public_is_full(front):
    """operations.md 3: one pool for all, and a staff page took 1.8 s instead of 42 ms."""
    front.get("/")
    front.pause("public")
    number = count()

    def other(_) -> tuple[int, str]:
        said = front.get(f"/results/?q=full{next(number)}", address=f"198.51.100.{next(number) % 250}", timeout=60)
        return said.status, said.body.decode(errors="replace")

    try:
        with ThreadPoolExecutor(48) as crowd:
            waiting = [crowd.submit(other, n) for n in range(48)]
            staff = [front.get("/desk/login/") for _ in range(5)]
            assert [s.status for s in staff] == [200] * 5 and max(s.seconds for s in staff) < 5
            assert front.get("/").status == 200
            front.grow_old(15)
            assert front.get("/").kept in ("STALE", "UPDATING")  # made anew behind the back, and nobody waits
            front.pause("public", on=False)
            answers = [one.result() for one in waiting]
    finally:
        front.pause("public", on=False)
    refused = [body for status, body in answers if status == 503]
    assert 0 < len(refused) <= 17 and {status for status, _ in answers} == {200, 503}
    assert all("来的人太多" in body for body in refused)


@pytest.mark.story("O7")
def test_a_page_of_yesterday_is_shown_when_the_database_is_away_and_only_then(front):
    """operations.md 7: the home page of 11 seconds ago, and already 500."""
    page = front.get("/contact/")
    front.grow_old(DAY - 3600)
    assert front.get("/contact/").kept == "EXPIRED"  # as long as an answer can be had, nobody sees what is that old
    front.grow_old(DAY - 3600)
    let_in(front, False)
    time.sleep(1.1)  # so long the program answers with what it has made, before it asks the database again
    try:
        shown = front.get("/contact/")
        assert (shown.status, shown.kept, shown.body) == (200, "STALE", page.body)
        assert shown.headers["Cache-Control"] == "public, max-age=300"
        other, staff = front.get("/guide/"), front.get("/desk/login/")
        assert (other.status, staff.status) == (503, 503) and "数据库暂时连不上" in staff.body.decode()
    finally:
        let_in(front, True)
    assert front.get("/contact/").kept in ("EXPIRED", "HIT") and front.get("/desk/login/").status == 200


def test_an_address_that_somebody_invents_is_not_kept(front):
    """What takes the place of a page that was kept: `tests/setup/test_proxy.py`."""
    for invented in ("/results/nobody/", "/nowhere/"):
        assert [(said.status, said.kept) for said in (front.get(invented), front.get(invented))] == [(404, "MISS")] * 2


@pytest.mark.promise("P28")
def test_during_an_upgrade_the_office_is_told_and_the_public_reads_on(front):
    page = front.get("/accessibility/")
    front.switch.touch()
    try:
        closed = front.get("/desk/login/")
        assert (
            closed.status == 503 and "网站正在升级" in closed.body.decode() and closed.headers["Retry-After"] == "300"
        )
        assert front.get("/field/").status == 503 and front.get("/accessibility/").status == 200
        front.stop("public")
        front.grow_old(15)
        shown = front.get("/accessibility/")
        assert (shown.status, shown.body) == (200, page.body) and shown.kept in ("STALE", "UPDATING")
        never = front.get("/verify/algorithm/")
        assert never.status == 503 and "现在打不开" in never.body.decode()
    finally:
        front.switch.unlink()
    assert front.get("/desk/login/").status == 200
