"""The container files, read and compared with the code they start.

Containers cannot be run everywhere the tests run, so what can drift apart is
compared here: commands, variables, ports, paths, logins and health checks.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.http import QueryDict
from django.urls import resolve

from benxi_shuangsuiji import settings as written
from benxi_shuangsuiji.database import logins
from benxi_shuangsuiji.database.logins import DRAW, LOGINS, URLS
from benxi_shuangsuiji.machine import devdb, equipment, processes, standalone
from benxi_shuangsuiji.web.logs import NOT_LOGGED
from disclosure import kept
from disclosure.site import addresses
from tests.accounts.test_access import patterns

ROOT = standalone.ROOT
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
NGINX = (ROOT / "docs/deploy/nginx.conf").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()

# Read by manage.py and the modules it uses before Django, or given to other programs than ours.
BEFORE_DJANGO = {"BENXI_VAR", "BENXI_PG_BIN", "BENXI_CHROMIUM", "BENXI_PYTHON_READY"}
OF_POSTGRES = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "POSTGRES_INITDB_ARGS"}
PASSWORDS = {"OWNER_PASSWORD", "WEB_PASSWORD", "WORKER_PASSWORD", "PUBLIC_PASSWORD", "BACKUP_PASSWORD"}
OF_COMPOSE = {"SUPER_PASSWORD", "PORT", "BACKUP_DIR"} | PASSWORDS
# Set by manage.py and the demo for their own children.
INTERNAL = {"BENXI_AS", "DEMO_WORKER"}


def block(name: str) -> str:
    """The lines of one service (or other two-space entry) of docker-compose.yml."""
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    assert found, f"no service {name}"
    return found[1]


def environment_of(service: str) -> set[str]:
    text = block(service)
    own = re.search(r"    environment:\n((?:      .*\n)+)", text)
    names = set(re.findall(r"^ +([A-Z_]+):", own[1], re.MULTILINE)) if own else set()
    if "*environment" in text:
        shared = re.search(r"^x-environment:.*\n((?:  .*\n)+)", COMPOSE, re.MULTILINE)
        names |= set(re.findall(r"^  ([A-Z_]+):", shared[1], re.MULTILINE))
    return names


def settings_variables() -> set[str]:
    files = ("benxi_shuangsuiji/settings.py", "benxi_shuangsuiji/database/logins.py")
    source = "".join((ROOT / file).read_text() for file in files)
    return (
        {*URLS, logins.REPLICA_URL}
        | set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", source))
        | set(re.findall(r"""environ(?:\.get\(|\[)\s*"([A-Z_]+)\"""", source))
    )


def last_command(text: str, name: str) -> list[str]:
    return json.loads(re.findall(rf"^\s*{name}:? (\[.*\])$", text, re.MULTILINE)[-1])


def health_check(service: str) -> str:
    text = block(service)
    return text[text.index("healthcheck:") :]


def test_image_starts_the_web_server_with_the_options_of_the_demo():
    demo = processes.web_command(8000)[2:]
    image = last_command(DOCKERFILE, "CMD")

    def options(command):
        found = {}
        for position, word in enumerate(command):
            if word.startswith("--"):
                following = command[position + 1 : position + 2]
                found[word] = following[0] if following and not following[0].startswith("--") else True
        return found

    assert image[:2] == demo[:2] == ["gunicorn", settings.WSGI_APPLICATION.replace("wsgi.", "wsgi:")]
    same = {"--worker-class", "--workers", "--threads", "--timeout", "--no-control-socket"}
    assert {k: v for k, v in options(image).items() if k in same} == {
        k: v for k, v in options(demo).items() if k in same
    }


@pytest.mark.parametrize("service", ["migrate", "worker", "backup"])
def test_services_run_commands_that_exist_with_options_they_know(service):
    python, script, command, *arguments = last_command(block(service), "command")
    assert (python, script) == ("python", "manage.py")

    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    parser.parse_args(arguments)  # ends the test on an unknown option


def test_migration_works_as_the_owner_and_nothing_else_knows_that_password():
    assert "migrate" in standalone.AS_OWNER
    assert [
        s for s in ("web", "public", "worker", "migrate", "backup") if "DATABASE_OWNER_URL" in environment_of(s)
    ] == ["migrate"]
    assert not re.search("OWNER_PASSWORD|OWNER_URL", block("web") + block("worker") + block("backup"))


def test_whoever_restores_reads_the_backups_and_cannot_change_them():
    folder = "${BACKUP_DIR:-./backups}:/backups"
    assert f'"{folder}:ro"' in block("migrate") and f'"{folder}"' in block("backup")
    guide = (ROOT / "docs/deploy/备份与恢复.md").read_text()
    assert "migrate python manage.py restore /backups/" in guide


def test_services_set_only_variables_that_settings_read_and_all_that_have_no_default():
    for service in ("web", "public", "worker", "migrate", "backup"):
        names = environment_of(service)
        assert names <= settings_variables()
        assert {"DJANGO_SECRET_KEY", "DJANGO_DATA_KEY", "DATABASE_URL"} <= names


def test_every_variable_of_the_settings_is_explained_and_every_explained_one_is_read():
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))

    assert settings_variables() - INTERNAL - explained == set()
    assert explained - settings_variables() - BEFORE_DJANGO - OF_COMPOSE == set()


def test_every_variable_that_compose_asks_for_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    given = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))

    assert asked - given == set()
    without_default = set(re.findall(r"\$\{([A-Z_]+):\?\}", COMPOSE))
    assert {
        "SUPER_PASSWORD",
        "OWNER_PASSWORD",
        "WEB_PASSWORD",
        "DJANGO_SECRET_KEY",
        "DJANGO_DATA_KEY",
    } <= without_default


def test_example_holds_no_key_or_password():
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))

    assert [name for name, value in values.items() if value and re.search("KEY|PASSWORD", name)] == []


def test_database_addresses_use_the_logins_and_the_database_of_the_code():
    addresses = re.findall(r"(DATABASE\w*_URL): postgres://(\w+):\$\{(\w+):\?\}@(\w+):5432/(\w+)", COMPOSE)

    assert addresses == [
        ("DATABASE_URL", logins.WEB, "WEB_PASSWORD", "db", devdb.DATABASE),
        ("DATABASE_PUBLIC_URL", logins.PUBLIC, "PUBLIC_PASSWORD", "db", devdb.DATABASE),
        ("DATABASE_OWNER_URL", logins.OWNER, "OWNER_PASSWORD", "db", devdb.DATABASE),
        ("DATABASE_BACKUP_URL", logins.BACKUP, "BACKUP_PASSWORD", "db", devdb.DATABASE),
        ("DATABASE_URL", logins.WORKER, "WORKER_PASSWORD", "db", devdb.DATABASE),
    ]
    assert not re.search("WORKER_PASSWORD|BACKUP_PASSWORD", block("web") + block("public"))
    assert f"POSTGRES_USER: {devdb.SUPERUSER}" in block("db")
    assert environment_of("db") == OF_POSTGRES | PASSWORDS


def test_ports_agree_from_the_proxy_to_the_web_server():
    bind = last_command(DOCKERFILE, "CMD")[last_command(DOCKERFILE, "CMD").index("--bind") + 1]
    port = bind.split(":")[1]
    listen = re.search(r"listen (\d+);", NGINX)[1]

    assert re.search(r"EXPOSE (\d+)", DOCKERFILE)[1] == port
    assert NGINX.count(f"server web:{port}") == 2 and f"server public:{port} " in NGINX
    assert f":{listen}" in re.search(r"ports: \[(.*)\]", block("proxy"))[1]
    assert f"http://localhost:{listen}/healthz/" in health_check("proxy")
    assert f"http://localhost:{port}/healthz/" in health_check("web")
    assert health_check("public") == health_check("web")


def test_health_checks_ask_what_exists():
    assert resolve("/healthz/").func.__name__ == "healthz"
    # The checks ask for "localhost", which the site must accept whatever its name is.
    assert "ALLOWED_HOSTS: ${ALLOWED_HOSTS:?},localhost" in COMPOSE
    assert any(re.match(pattern, "healthz/") for pattern in settings.SECURE_REDIRECT_EXEMPT)
    watched = (ROOT / "benxi_shuangsuiji/management/commands/rounds.py").read_text()
    assert 'standalone.var() / "worker.alive"' in watched
    assert "/data/worker.alive" in health_check("worker")
    for service in ("db", "web", "worker", "proxy"):
        assert "interval:" in health_check(service)


def test_kept_files_lie_in_a_volume_that_web_and_worker_share():
    data = re.search(r"BENXI_VAR=(\S+)", DOCKERFILE)[1]

    assert f"VOLUME {data}\n" in DOCKERFILE
    assert f'volumes: ["data:{data}"]' in COMPOSE
    assert written.MEDIA_ROOT.is_relative_to(written.VAR_DIR)
    assert {"database", "data", "cache"} == set(
        re.findall(r"^  (\w+):$", COMPOSE.split("\nvolumes:\n")[1], re.MULTILINE)
    )


def test_image_brings_the_libraries_the_fonts_and_the_locked_packages():
    installed = re.search(r"apt-get install -y --no-install-recommends \\\n(.*?)\\\n", DOCKERFILE)[1].split()

    assert set(installed) == {*equipment.PACKAGES["pango"], *equipment.PACKAGES["font"]}
    assert "--require-hashes" in DOCKERFILE
    copied = re.findall(r"^COPY (\S+) (\S+)$", DOCKERFILE, re.MULTILINE)
    assert copied[0][0] == copied[0][1] == "benxi_shuangsuiji/locks/base.txt"
    assert (ROOT / copied[0][0]).is_file()
    assert f"-r {copied[0][0]}\n" in DOCKERFILE
    assert re.search(r"BENXI_PYTHON_READY=1", DOCKERFILE)
    assert "BENXI_PYTHON_READY" in (ROOT / "manage.py").read_text()


def test_image_holds_what_it_runs_and_nothing_of_a_trial(tmp_path):
    """The web server, the worker and the migration start from what the image holds."""
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    for name in ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure", "manage.py"):
        source, target = ROOT / name, tmp_path / name
        if source.is_file():
            shutil.copy(source, target)
        else:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ignored:
        place = tmp_path / name
        if place.is_dir():
            shutil.rmtree(place)
        elif "*" not in name:
            place.unlink(missing_ok=True)
    held = {path.stem for path in (tmp_path / "benxi_shuangsuiji/machine").glob("*.py")}
    assert held == {"__init__", "collector", "standalone", "processes"}
    assert not (tmp_path / "benxi_shuangsuiji/demo").exists()

    start = """
import sys
import benxi_shuangsuiji.wsgi, manage
from django.core.management import load_command_class
load_command_class("benxi_shuangsuiji", "migrate")
sys.argv = ["manage.py", "worker", "--help"]
manage.main()
"""
    keys = {"DJANGO_SECRET_KEY": "s" * 50, "DJANGO_DATA_KEY": "d" * 50, "DATABASE_URL": standalone.NO_DATABASE}
    environment = {"PATH": os.environ["PATH"], "BENXI_PYTHON_READY": "1", "BENXI_VAR": str(tmp_path / "var"), **keys}
    started = subprocess.run(
        [sys.executable, "-c", start], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (started.returncode, "--grace" in started.stdout) == (0, True), started.stderr


def test_image_runs_as_an_ordinary_account_and_holds_no_secrets():
    assert DOCKERFILE.rindex("USER benxi") < DOCKERFILE.index("CMD [")
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", "var", ".venv"} <= set(ignored)


def test_mounted_files_exist():
    for path in re.findall(r"- \./(\S+?):", COMPOSE):
        assert (ROOT / path).is_file(), path


def test_time_to_stop_is_longer_than_the_work_that_is_waited_for():
    graceful = int(shlex.split(re.search(r"graceful-timeout\", \"(\d+)", DOCKERFILE)[1])[0])
    assert int(re.search(r"stop_grace_period: (\d+)s", block("web"))[1]) > graceful
    grace = int(last_command(block("worker"), "command")[-1])
    assert int(re.search(r"stop_grace_period: (\d+)s", block("worker"))[1]) > grace


def test_proxy_keeps_only_public_pages_ten_seconds_and_never_those_of_signed_in_people():
    assert "proxy_cache_valid 200 404 410 10s;" in NGINX
    assert re.findall(r"proxy_cache_valid", NGINX) == ["proxy_cache_valid"]
    assert "proxy_ignore_headers Expires Vary;" in NGINX  # how long is new, the program says
    assert "proxy_no_cache $not_public $signed_in $invented;" in NGINX
    assert "proxy_cache_bypass $signed_in;" in NGINX
    pattern = re.search(r'map \$http_cookie \$signed_in \{[^}]*"~([^"]+)"\s+1;', NGINX)[1]
    for name in ("sessionid", "__Host-sessionid"):
        assert re.search(pattern, f"other=1; {name}=abc")
    assert settings.SESSION_COOKIE_NAME in ("sessionid", "__Host-sessionid")


@pytest.mark.story("O3")
def test_the_proxy_tells_pages_apart_by_the_arguments_that_they_read_and_by_no_others():
    """operations.md 3. One list, on the pages themselves: what is not in it does not reach them either."""
    assert addresses.in_file(NGINX) == addresses.lines()
    known = {address: page.asks for address, page in addresses.public()}
    assert known["^/notices/$"] == ("page",) and {"q", "page", "unit"} <= set(known["^/results/$"]) and not known["^/$"]
    assert kept.EVERY not in {asks for address, asks in known.items() if address.endswith("/$")}
    assert kept.Asked(QueryDict("page=2&x=1"), ("page",)).urlencode() == "page=2"


@pytest.mark.promise("P26")
def test_the_office_has_processes_of_its_own_and_the_public_gets_none_of_them():
    """P26: whatever asks who somebody is goes to the one group, whatever asks as everybody to the other."""
    office = re.search(r"location ~ (\S+) \{\n\s+if \(\$closed\)", NGINX)[1]
    as_they_are = re.findall(r"location (?:~ )?(\S+) \{\n(?:.*;\n)*?\s+proxy_pass http://public;", NGINX)
    assert len(as_they_are) == 4
    # An access mark that takes no argument, and a page that only writes a cookie.
    elsewhere = {"healthz/", "size/<public_size:size>/"}
    for address, _, view in patterns():
        path = "/" + re.sub("<[^>]*>", "YY2026-0001", address)
        if view.access != "public":
            assert re.match(office, path), address
        elif getattr(view, "asks_as_everybody", False):
            assert not re.match(office, path), address
        else:
            assert address in elsewhere or any(re.match(place, path) for place in (office, *as_they_are)), address


@pytest.mark.story("O10")
def test_roles_of_a_server_of_its_own_equal_those_of_the_embedded_one():
    """The script for PostgreSQL's first start is run on an embedded server and compared with what devdb made."""
    roles = (
        "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles "
        "WHERE rolname LIKE 'sj\\_%' AND rolname <> 'sj_super' ORDER BY 1"
    )
    members = (
        "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members "
        "WHERE member::regrole::text LIKE 'sj_%' ORDER BY 1, 2"
    )
    with tempfile.TemporaryDirectory(prefix="benxi-roles-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        socket = devdb.start(Path(folder), volatile=True)
        try:
            address = {"host": socket, "port": 5432, "user": devdb.SUPERUSER, "dbname": "postgres", "autocommit": True}
            with psycopg.connect(**address) as db:
                embedded = db.execute(roles).fetchall(), db.execute(members).fetchall()
                db.execute("DROP DATABASE benxi")
                db.execute(f"DROP ROLE {', '.join([*LOGINS, DRAW])}")
            for _ in range(2):  # it may be run again
                subprocess.run(
                    [
                        *(devdb._programs() / "psql", "-q", "-h", socket, "-p", "5432", "-U", devdb.SUPERUSER),
                        *("-d", "postgres", "-f", ROOT / "docs/deploy/roles.sql"),
                    ],
                    env={**os.environ, **dict.fromkeys(PASSWORDS, "o'wner")},
                    check=True,
                )
            with psycopg.connect(**address) as db:
                assert (db.execute(roles).fetchall(), db.execute(members).fetchall()) == embedded
                assert db.execute("SELECT datdba::regrole::text FROM pg_database WHERE datname='benxi'").fetchone() == (
                    "sj_owner",
                )
            web = psycopg.connect(**address | {"dbname": "benxi", "user": logins.WEB})
            with web, pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("SELECT lo_create(0)")
        finally:
            devdb.leave(Path(folder))


@pytest.mark.story("O14")
def test_the_proxy_logs_no_query_and_nothing_that_opens_something():
    """What people search for, and the addresses that are a key (operations.md 14)."""
    named = re.search(r"^\s+access_log \S+ (\w+);", NGINX, re.M)[1]
    logged = re.search(rf"^log_format {named} '(.*)';", NGINX, re.M)[1]
    assert "$logged" in logged and not re.search(r"\$(request|request_uri|args|http_referer|http_cookie)\b", logged)
    assert NGINX.index("error_log /var/log/nginx/error.log crit;") > NGINX.index("server {")  # its lines hold the query
    masks = [m.replace("?<door>", "") for m in re.findall(r'^ +"~(\^/\S+)" +/\$door/\*;', NGINX, re.M)]
    for address, _, _ in patterns():
        key = re.search(rf"<[^>]*\b({'|'.join(NOT_LOGGED)})>", address)
        if key and not address.startswith("desk/items/"):  # the code of a public item says nothing of an enterprise
            before = re.sub("<[^>]*>", "1", address[: key.start()])
            assert any(re.match(mask, f"/{before}K") for mask in masks), address
