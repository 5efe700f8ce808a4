"""Web and worker as children of one command: they open, they end together, they leave nothing."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from benxi_shuangsuiji.machine import processes, standalone
from tests.setup.running import descendants, gone

pytestmark = pytest.mark.slow("processes")

# Other programs in the place of ours: a small web server, and a worker with a child of its own that ignores SIGTERM.
SERVE = """
import sys
from benxi_shuangsuiji.machine import processes
web, worker = sys.argv[2:]
processes.web_command = lambda port: [sys.executable, "-c", web, str(port)]
processes.worker_command = lambda: [sys.executable, "-c", worker]
processes.SECONDS_TO_STOP = 2
processes.serve(int(sys.argv[1]), announce=lambda address: print(address, flush=True))
"""
WEB = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
WORKER = """
import signal, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"])
time.sleep(600)
"""


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(port, web=WEB, worker=WORKER):
        child = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port), web, worker],
            cwd=standalone.ROOT,
            env={**os.environ, "BENXI_VAR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.terminate()
        child.communicate(timeout=30)


def opened(child):
    """Read what is said until the address comes, and return everything."""
    said = []
    for line in child.stdout:
        said.append(line.strip())
        if line.startswith("http"):
            break
    return said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_opens_the_site_and_leaves_no_process_when_stopped(serve, number):
    child = serve(18310)
    address = opened(child)[-1]
    port = int(re.search(r":(\d+)/", address)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()
    family = descendants(child.pid)
    assert len(family) == 3

    child.send_signal(number)

    assert child.wait(10) == 0
    assert gone(family, seconds=2)


def test_serve_takes_the_next_port_and_says_so_when_one_is_taken(serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        said = opened(serve(taken))

    assert re.fullmatch(rf"端口 {taken} 已被占用，改用 (\d+)。", said[0])
    assert said[1] == f"http://127.0.0.1:{said[0].split()[-1].rstrip('。')}/"


def test_site_that_does_not_start_is_reported_with_its_own_words(serve):
    child = serve(18330, web="raise SystemExit('no table yet')")
    out, errors = child.communicate(timeout=30)

    assert child.returncode == 1
    assert "网站没有启动（1）" in errors
    assert "no table yet" in errors
    assert out == ""


def test_end_of_one_program_ends_the_other(serve):
    child = serve(18340, worker="import time; time.sleep(1.5); raise SystemExit(7)")
    opened(child)
    family = descendants(child.pid)
    _, errors = child.communicate(timeout=30)

    assert "worker 意外退出（7）" in errors
    assert gone(family)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killed_parent_takes_its_children_along(serve):
    child = serve(18350, worker="import time; time.sleep(600)")
    opened(child)
    family = descendants(child.pid)
    child.kill()

    assert len(family) == 2
    assert gone(family)


def test_children_work_as_the_runtime_login(tmp_path, monkeypatch):
    monkeypatch.setenv("BENXI_VAR", str(tmp_path))
    monkeypatch.setenv("BENXI_AS", "owner")
    child = processes.start("web", [sys.executable, "-c", "import os; print(os.environ.get('BENXI_AS'))"])
    child.wait(30)

    assert processes.log_file("web").read_text() == "None\n"


INTERRUPTED_FORK = """
import os, signal, sys
from benxi_shuangsuiji.machine import processes
os.register_at_fork(before=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    processes.finished([sys.executable, "-c", "import time; time.sleep(600)"])
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_ctrl_c_in_the_middle_of_a_fork_is_not_lost():
    """Python drops what is raised in the hooks around a fork; the demo then went on as if nobody had pressed anything."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_FORK], cwd=standalone.ROOT, timeout=30, check=False)

    assert done.returncode == 130


def test_a_child_can_be_interrupted_itself():
    child = processes.child(
        [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(600)"], stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"here\n"
    child.send_signal(signal.SIGINT)
    assert child.wait(10) in (1, -signal.SIGINT)
    child.stdout.close()
