"""The limits on the processes in which strangers' files are opened are really there (P19)."""

import signal
import subprocess
import sys

import pytest

from tests.clause_summary import TESTS

WASTES = {
    "memory": ("bytearray(1 << 30)", lambda ran: ran.returncode == 1 and b"MemoryError" in ran.stderr),
    "time": ("while True: pass", lambda ran: ran.returncode in (-signal.SIGXCPU, -signal.SIGKILL)),
}


@pytest.mark.promise("P19")
@pytest.mark.parametrize("waste", WASTES)
def test_a_strangers_file_gets_no_more_memory_and_time_than_its_limits(waste):
    code, ended = WASTES[waste]
    limits = "from benxi_shuangsuiji.documents.limited import put_limits; put_limits(memory=300 << 20, seconds=1)"
    ran = subprocess.run([sys.executable, "-c", f"{limits}\n{code}"], cwd=TESTS.parent, capture_output=True, timeout=60)
    assert ended(ran), (ran.returncode, ran.stderr[-300:])
