"""A program of other people, `aics-tlog`, checks our log from a mirror, and signs it as a witness (PUB1; C2SP).

It needs Python 3.12; where the tests run on an older one, `TLOG_PYTHON` names an interpreter that has it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from benxi_shuangsuiji import clock
from disclosure.mirror import writing
from disclosure.mirror.folder import Folder
from disclosure.register import log, signing, witnesses
from tests.disclosure.factories import make_published_result
from tests.disclosure.register.test_register import grow
from tests.factories import make_unit

PYTHON = os.environ.get("TLOG_PYTHON") or sys.executable
THERE = subprocess.run([PYTHON, "-c", "import aics_tlog"], capture_output=True, check=False).returncode == 0
pytestmark = [
    pytest.mark.slow("foreign"),
    pytest.mark.django_db,
    pytest.mark.skipif(not THERE, reason="没有 aics-tlog（要 Python 3.12 以上）：别人的程序核对日志的测试已跳过"),
]


@pytest.fixture(autouse=True)
def signed(tmp_path):
    key = {"REGISTER_KEY": "11" * 32, "REGISTER_ORIGIN": "", "REGISTER_HEAD": str(tmp_path / "head")}
    with override_settings(**key):
        yield


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_a_foreign_program_verifies_checkpoint_tiles_inclusion_and_consistency_and_witnesses_the_log(tmp_path):
    first = make_published_result()
    grow(first, 300)
    old = signing.sign_newest()
    last = make_published_result(make_unit("210503"))
    grow(last, 310)
    head, root = signing.sign_newest(), tmp_path / "mirror"
    folder = Folder(root)
    writing.write_log(folder, head, 0)  # the log's part of the mirror, without its pages
    folder.write("register/checkpoint", head.note.encode())

    proof = f"results/{last.no}/v1.tlog-proof"
    now = str(int(clock.now().timestamp()))
    asked = [root, head.key, old.size, old.base64, proof, now]
    script = Path(__file__).with_name("foreign.py")
    done = subprocess.run([PYTHON, script, *map(str, asked)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)

    witness, note = said.pop("witness"), said.pop("cosigned")
    assert said == {
        "signature": True,
        "size": head.size,
        "tiles": [4, 3],
        "inclusion": True,
        "our proof": True,
        "consistency": True,
        "another root": False,
        "a changed tile is refused": True,
    }
    witnesses.add(name="市司法局（示例）", key=witness, document="本司〔2026〕8 号")
    assert len(witnesses.receive(note.encode())) == 1 and witnesses.note_of(log.newest()) == note
    transaction.set_rollback(True)  # it could not be committed: nobody has decided these corrections
