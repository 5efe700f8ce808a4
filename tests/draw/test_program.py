"""The file as citizens use it: alone, offline, on any computer (SSJ1 §16.1)."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plans.draw import ssj1
from tests.draw.samples import hold, make_freeze, random_draw, released
from tests.draw.test_vectors import BY_NAME, SEED

SOURCE = Path(ssj1.__file__)


@pytest.fixture
def program(tmp_path):
    """The file alone in an empty folder; returns (code, what it prints)."""
    shutil.copy(SOURCE, tmp_path / "ssj1.py")

    def run(*arguments, **environment):
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "ssj1.py", *map(str, arguments)],
            cwd=tmp_path,
            env={"PATH": os.environ.get("PATH", ""), **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    return run


def test_the_module_imports_only_the_standard_library():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])

    assert imported <= sys.stdlib_module_names
    assert not imported & {"random", "secrets", "time", "socket", "urllib", "subprocess"}


def test_nothing_is_computed_with_floating_point_or_the_clock():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    assert not names & {"today", "now", "time", "random"}


@pytest.mark.promise("P30")
@pytest.mark.clause("一-f")
def test_a_genuine_bundle_is_confirmed_with_what_a_person_should_compare(program, tmp_path):
    bundle = BY_NAME["verify-example-with-amendment"]["input"]["bundle"]
    (tmp_path / "bundle.json").write_text(ssj1.bundle_json(bundle), encoding="utf-8")

    code, said = program("verify", "bundle.json")

    assert code == 0
    assert said.startswith("核验一致")
    assert "中国福利彩票快乐8第2026087期（彩票开奖号码）：02,05,09,11" in said
    assert (
        "名录 5 家，参加抽取 4 家（其中本周期未查 3 家），应抽 2 家（其中优先未查 1 家）；不参加抽取：停产停业 1 家"
        in said
    )
    assert ssj1.link(bundle["chain"][-1]) in said
    assert "递补企业：91210502MA00000025，签号 bc04d8cdac25b51d" in said


def test_a_touched_bundle_is_refused_with_code_place_and_what_to_do(program, tmp_path):
    bundle = BY_NAME["verify-frame-edited-after-freeze"]["input"]["bundle"]
    (tmp_path / "bundle.json").write_text(ssj1.bundle_json(bundle), encoding="utf-8")

    code, said = program("verify", "bundle.json")

    assert code == 1
    assert said.splitlines()[0].startswith("核验不一致：名单在封存后被改动：210502.")
    assert "代码：E_FRAME_DIGEST（第 V6 步）" in said
    assert "位置：封存时的指纹 " in said
    assert "怎么办：" in said and "市执法队" in said


def test_a_sealed_bundle_is_confirmed_as_far_as_it_goes(program, tmp_path):
    bundle = BY_NAME["verify-sealed"]["input"]["bundle"]
    (tmp_path / "bundle.json").write_text(ssj1.bundle_json(bundle), encoding="utf-8")

    code, said = program("verify", "bundle.json")

    assert (code, said.splitlines()[0]) == (0, "核验一致：已公开的部分没有被改动。")
    assert "提示：名单尚未公开，现在只能核验封存的部分（W_SEALED）" in said
    # The value itself may be public by then, on the page of the draw.
    assert "证据包里还没有，名单公开后才有；应于 2026-04-07T21:30:00+08:00 产生" in said


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 200_000, b'{"a":1e400}', b'{"\\u202e":"\\ud800"}'])
def test_a_hostile_file_gets_an_answer_and_no_traceback(program, tmp_path, data):
    (tmp_path / "bundle.json").write_bytes(data)

    code, said = program("verify", "bundle.json")

    assert (code, said.splitlines()[0]) == (1, "核验不一致：证据包格式不对")


def test_a_console_that_cannot_show_chinese_does_not_stop_it(tmp_path):
    shutil.copy(SOURCE, tmp_path / "ssj1.py")
    (tmp_path / "bundle.json").write_bytes(b"{}")
    done = subprocess.run(
        [sys.executable, "ssj1.py", "verify", "bundle.json"],
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "ascii", "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"E_FORMAT" in done.stdout


def test_a_ticket_is_printed_alone(program):
    code, said = program("ticket", SEED, "210502.key", "91210502MA00000012")

    assert (code, said) == (0, "036d7b151f8ce2f25f3c9769d6d3688c7ce2bad6fd53ddf84dfa174d8838b40c\n")


@pytest.mark.parametrize("arguments", [("x", "210502.key", "A"), (SEED, "210502", "A"), (SEED, "210502.key", "A B")])
def test_a_ticket_of_something_else_is_refused(program, arguments):
    assert program("ticket", *arguments)[0] == 1


@pytest.mark.parametrize("arguments", [(), ("verify",), ("ticket", SEED), ("history",), ("draw", "x")])
def test_a_command_that_is_not_understood_shows_how_to_use_it(program, arguments):
    code, said = program(*arguments)

    assert code == 2
    assert said.startswith("用法：")


def test_a_file_that_is_not_there_is_named(program):
    assert program("verify", "没有.json") == (1, "文件打不开：没有.json。检查文件名和位置，再试一次。\n")
    assert program("history", "没有")[0] == 1


def history_files(folder):
    given = BY_NAME["history-two-quarters"]["input"]
    for number, text in enumerate(reversed(given["chain"])):
        (folder / f"{number}.txt").write_bytes(text.encode())
    for number, bundle in enumerate(given["bundles"]):
        (folder / f"bundle{number}.json").write_text(ssj1.bundle_json(bundle), encoding="utf-8")
    (folder / "carry.txt").write_bytes(given["carry"].encode())
    return given


def test_a_folder_with_the_whole_history_is_confirmed(program, tmp_path):
    (tmp_path / "all").mkdir()
    given = history_files(tmp_path / "all")

    code, said = program("history", "all")

    assert code == 0
    assert "公示链共 9 条，证据包 2 个，前后相符" in said
    assert ssj1.link(given["chain"][-1]) in said


def test_a_history_in_one_file_is_confirmed_and_refused_when_its_chain_is_out_of_order(program, tmp_path):
    given = BY_NAME["history-two-quarters"]["input"]
    (tmp_path / "h.json").write_text(json.dumps(given), encoding="utf-8")
    (tmp_path / "x.json").write_text(json.dumps(given | {"chain": given["chain"][::-1]}), encoding="utf-8")

    assert program("history", "h.json")[0] == 0
    code, said = program("history", "x.json")
    assert (code, said.splitlines()[0]) == (1, "核验不一致：公示链断裂：第1条")


def test_a_folder_without_a_chain_is_not_called_right(program, tmp_path):
    (tmp_path / "empty").mkdir()

    code, said = program("history", "empty")

    assert code == 1
    assert "没有找到公示链的条目" in said


@pytest.mark.promise("P03")
@pytest.mark.clause("七(二)-c")
def test_the_same_draw_comes_out_whatever_the_hash_seed_of_the_process():
    script = (
        "from plans.draw import ssj1; from tests.draw.samples import random_draw\n"
        "print([ssj1.digest(random_draw(n)[1].result_text) for n in range(40)])"
    )
    root = SOURCE.parents[2]
    here = str([ssj1.digest(random_draw(number)[1].result_text) for number in range(40)])

    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PATH": os.environ.get("PATH", "")},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        assert done.stdout.strip() == here


def test_the_file_offered_is_the_one_that_draws():
    freeze = make_freeze()

    assert ssj1.verify_json(ssj1.bundle_json(released(freeze, hold(freeze))).encode()).ok
