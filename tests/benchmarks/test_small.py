"""Every benchmark, small: it runs against today's tables and pages, and says nothing of time."""

from importlib.util import find_spec

import pytest

from tests.benchmarks import __main__ as all_of_them
from tests.benchmarks import (
    big,
    city,
    crowd,
    draw,
    exchange,
    fairness,
    imports,
    lists,
    log,
    marked,
    public,
    register,
    volume,
    workbooks,
)
from tests.setup.front import there_is_nginx

ROWS = 12


def peer(*names: str):
    """A job that needs what others made; it is fetched by the benchmark itself and is in no lock file."""
    return pytest.mark.skipif(not all(map(find_spec, names)), reason=f"{names[0]} is not installed here")


@pytest.mark.parametrize(
    "job",
    ["ours 200", "verify 30", "assign 12x10", pytest.param("peer 200", marks=peer("consistent_sampler"))],
)
def test_each_job_of_the_draw_runs(job):
    draw.work_of(job)()


def test_every_job_of_the_draw_is_one_of_those():
    assert {job.partition(" ")[0] for job in draw.JOBS} == {"ours", "verify", "assign", "peer"}


def test_every_page_of_the_list_opens_within_its_queries(own_database, capsys):
    measured = lists.measure(own_database, size=200, repeat=1)

    assert set(measured) == set(lists.PAGES | lists.BOX)
    most = {label: lists.GOAL_BOX if label in lists.BOX else lists.GOAL_QUERIES for label in measured}
    assert {label: own for label, (_, own, _) in measured.items() if own > most[label]} == {}
    lists.report([200], {200: measured})
    assert "search rare name" in capsys.readouterr().out


def test_every_question_to_a_long_log_is_answered(own_database, capsys):
    log.report({300: log.measure(own_database, 300, 1)})
    assert "a page far back" in capsys.readouterr().out


@pytest.mark.story("O-scale")
def test_every_page_about_a_whole_unit_opens(own_database, capsys):
    measured = big.measure(own_database, size=200, repeat=1, profiled="")

    big.report([200], {200: measured})
    assert len(measured) == 9 and "list to seal" in capsys.readouterr().out


def test_the_page_of_the_city_opens_within_its_queries(own_database, capsys):
    measured = city.measure(own_database, 4, 200, 1)

    city.report({200: 4}, {200: measured})
    assert len(measured) == 4 and "全市进度" in capsys.readouterr().out
    assert measured["workbook"][2] <= city.GOAL_QUERIES, measured  # the same figures, without the frame of every page


def test_the_fairness_of_the_city_opens_within_its_queries(own_database, capsys):
    measured = fairness.measure(own_database, 2, 60, 1)

    fairness.report({60: 2}, {60: measured})
    assert len(measured) == 4 and "公平性监测" in capsys.readouterr().out
    assert measured["workbook"][2] - fairness.REQUEST <= fairness.GOAL_QUERIES, measured


def test_the_exchange_takes_as_many_statements_for_thirty_as_for_one(own_database, capsys):
    few = exchange.measure(own_database, 20, 1, checks=2, wait=1)
    many = exchange.more(29)

    exchange.report({20: few, 40: many})
    assert len(few) == 6 and "the queue" in capsys.readouterr().out
    assert {label: own for label, (_, own) in few.items()} == {label: own for label, (_, own) in many.items()}


def test_the_rows_of_the_public_list_are_written_and_each_question_is_answered(own_database, tmp_path):
    import sqlite3

    from django.test import Client

    rows = public.fill(own_database, 60)
    public.beside(tmp_path / "bench.db", rows)

    with sqlite3.connect(tmp_path / "bench.db") as other:
        assert other.execute("SELECT count(*) FROM results").fetchone() == (60,)
    for n in range(3):
        for ours, theirs in public.questions(n).values():
            assert Client().get(ours).status_code == 200 and theirs.startswith("/bench/results")
    assert Client().get(public.FILES["csv"][0]).getvalue().count(b"\n") == 61


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["ours", "copy", pytest.param("peer", marks=peer("import_export", "tablib", "simple_history"))]
)
def test_each_way_of_the_import_writes_every_row(name, tmp_path, settings, capsys):
    settings.MEDIA_ROOT = tmp_path  # the benchmark sets a folder of its own, and the fixture sets it back
    file = tmp_path / "rows.xlsx"
    workbooks.write(file, ROWS)

    imports.run(name, file, ROWS)  # ends the process unless every row was written

    assert '"seconds"' in capsys.readouterr().out


def test_the_register_is_measured(own_database, capsys):
    found = register.measure(own_database, size=300)

    register.report(300, found)
    assert {"check", "proof_ms", "daily"} <= set(found) and "300 entries" in capsys.readouterr().out


def test_the_marked_copy_is_made(tmp_path, capsys):
    file = tmp_path / "rows.xlsx"
    workbooks.write(file, ROWS)

    marked.run(file, ROWS, 3)

    assert '"seconds"' in capsys.readouterr().out


def test_every_benchmark_is_run_here():
    """The year in the slow set, where its worker is killed (tests/killed/test_killed_volume.py)."""
    assert set(all_of_them.PARTS) == {
        "draw",
        "lists",
        "big",
        "public",
        "imports",
        "marked",
        "volume",
        "year",
        "register",
        "city",
        "fairness",
        "exchange",
        "crowd",
    }


@pytest.mark.parametrize("way", ["ours", "alone"])
def test_a_small_volume_is_made_each_way(way):
    assert volume.run(way, pages=2, photos=1)["pages"] >= 3


@pytest.mark.slow("processes")
@pytest.mark.commits
@pytest.mark.skipif(not there_is_nginx(), reason="本机没有 nginx")
def test_a_clerk_works_beside_a_small_crowd(own_database, capsys):
    measured = crowd.measure(own_database, size=40, repeat=1, seconds=2, workers=1)

    crowd.report(measured)
    assert set(measured) == set(crowd.CROWDS) and "median ratio" in capsys.readouterr().out
    for (one,) in measured.values():
        assert one["errors"] == [] and one["quiet"] and one["busy"] and set(one["seen"]) <= {"200", "429", "503"}
