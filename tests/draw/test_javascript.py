"""The two implementations say the same: every public vector, and random cases of every kind (SSJ1 16; decisions.md 10)."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from benxi_shuangsuiji.machine import equipment
from plans.draw import ssj1
from tests.draw.cases import MAKERS, random_cases
from tests.draw.samples import DICE, OTHER_LOTTERY, hold, make_freeze, released
from tests.draw.test_vectors import CASES
from tests.javascript import asked

PROGRAM = Path(__file__).resolve().parents[2] / "static/verify/ssj1.js"
ANSWER = "given.map(([kind, input]) => { try { return SSJ1.runVector(kind, input); } catch (e) { return String(e.stack); } })"


@pytest.fixture(scope="module")
def answers(request):
    return asked(request, PROGRAM, "SSJ1", ANSWER)


@pytest.mark.clause("一-f", "七(二)-c")
def test_every_public_vector_gives_in_javascript_what_it_should(answers):
    found = answers([(case["kind"], case["input"]) for case in CASES])

    assert {case["name"]: answer for case, answer in zip(CASES, found, strict=True)} == {
        case["name"]: case["expect"] for case in CASES
    }


@pytest.mark.clause("一-f", "七(二)-c")
@pytest.mark.parametrize("number", [1, 2])
def test_both_implementations_give_the_same_for_whatever_comes(answers, number):
    cases = random_cases(number)
    due = json.loads(json.dumps([ssj1.run_vector(kind, given) for kind, given in cases]))

    found = answers(cases)

    differing = [(kind, expected, answer) for (kind, _), expected, answer in zip(cases, due, found, strict=True) if answer != expected]  # fmt: skip
    assert differing == []
    assert len(cases) >= 500
    # The comparison reaches the deep checks, not only the first ones.
    codes = {expected["error"] for expected in due if "error" in expected}
    assert {"E_PICK", "E_QUOTA", "E_CHAIN_DOC", "E_VALUE", "E_AMEND_REQUEST", "E_HISTORY", "E_FRAME_RULE"} <= codes


def test_every_kind_of_vector_is_compared():
    compared = {make.__name__ for make in MAKERS} | {"commit", "slip"}

    assert compared == set(ssj1._VECTORS) == {case["kind"] for case in CASES} | {"value"}


def test_the_javascript_program_is_one_file_to_be_read():
    """No dependency, no minifying, in the order of the specification (SSJ1 16.1)."""
    text = PROGRAM.read_text(encoding="utf-8")
    lines = text.splitlines()

    assert "import " not in text and text.count("require(") == 1  # Node's own fs, for its command line
    assert "crypto" not in text and "fetch(" not in text
    assert max(map(len, lines)) <= 120 and len(lines) > 1000
    sections = [int(number) for number in re.findall(r"^  // §(\d+)\S* ", text, re.MULTILINE)]
    assert sections == sorted(sections) and {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16} <= set(sections)


def test_the_command_line_of_node_agrees(tmp_path):
    node = equipment.node()
    if not node:
        pytest.skip("本机没有 Node")
    bundle = next(case["input"]["bundle"] for case in CASES if case["name"] == "verify-example-with-amendment")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(ssj1.bundle_json(bundle))
    bad.write_text(ssj1.bundle_json(bundle).replace("热电", "火电"))

    ran = [subprocess.run([node, PROGRAM, "verify", path], capture_output=True, text=True) for path in (good, bad)]

    assert [r.returncode for r in ran] == [0, 1]
    assert "E_FRAME_DIGEST" in ran[1].stdout


def test_both_programs_say_the_same_of_a_punctual_draw_that_was_corrected_late(tmp_path):
    node = equipment.node()
    if not node:
        pytest.skip("本机没有 Node")
    freeze = make_freeze()
    wrong = hold(freeze)
    before = ssj1.Run(wrong.seed_text, wrong.result_text, [])
    right = hold(freeze, values=(OTHER_LOTTERY, DICE), drawn="2026-06-24T09:00:00+08:00", earlier=before)
    bundle = released(freeze, right, earlier=[(wrong, [])])
    path = tmp_path / "bundle.json"
    path.write_text(ssj1.bundle_json(bundle))

    said = subprocess.run([node, PROGRAM, "verify", path], capture_output=True, text=True).stdout

    found = [line.removeprefix("提示：") for line in said.splitlines() if line.startswith("提示：")]
    assert found == [re.sub(r"（W_\w+）$", "", line) for line in ssj1.verify(bundle).warning_sentences()]
    assert "没有晚" in found[1]
