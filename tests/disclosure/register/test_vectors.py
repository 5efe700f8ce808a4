"""The public test vectors in both languages, and what a reader of the programs relies on (PUB1 §6). No database."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from disclosure.register import pub1
from tests.disclosure.register.registers import touched, written
from tests.javascript import asked

CASES = json.loads((Path(__file__).parent / "register-vectors.json").read_text(encoding="utf-8"))["cases"]
PROGRAM = Path(__file__).resolve().parents[3] / "static/verify/pub1.js"
ANSWER = """Promise.all(given.map(async ([kind, input]) => {
    try { return await PUB1.runVector(kind, input); } catch (e) { return String(e.stack); }
}))"""
FUZZED = 300


@pytest.fixture(scope="module")
def answers(request):
    return asked(request, PROGRAM, "PUB1", ANSWER)


def plain(value):
    return json.loads(json.dumps(value))


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_every_vector_gives_in_python_what_it_should():
    found = {case["name"]: plain(pub1.run_vector(case["kind"], case["input"])) for case in CASES}

    assert found == {case["name"]: case["expect"] for case in CASES}
    assert {case["kind"] for case in CASES} == set(pub1._VECTORS)


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_every_vector_gives_in_javascript_what_it_should(answers):
    cases = [case for case in CASES if case["kind"] != "checkpoint"]  # signing is the worker's, in Python alone
    found = answers([(case["kind"], case["input"]) for case in cases])

    assert {case["name"]: answer for case, answer in zip(cases, found, strict=True)} == {
        case["name"]: case["expect"] for case in cases
    }


@pytest.mark.clause("八(二)-c")
def test_both_programs_say_the_same_of_three_hundred_registers_whole_and_touched(answers):
    rng = random.Random(20261130)
    cases = []
    for number in range(FUZZED):
        file, texts = written(rng, rng.randrange(0, 40))
        cases.append(("register", {"file": touched(rng, file) if number % 3 else file}))
        snapshots = "".join(f"{text}\n" for text in rng.sample(texts, min(len(texts), rng.randrange(4))))
        cases.append(("data", {"file": file, "snapshots": snapshots, "complete": rng.choice([None, "RESULT", "PLAN"])}))
        if number % 10 == 0:
            cases.append(("witness", {"old": file, "new": touched(rng, file)}))
    due = plain([pub1.run_vector(kind, given) for kind, given in cases])

    found = answers(cases)

    differing = [(case, one, other) for case, one, other in zip(cases, due, found, strict=True) if one != other]
    assert differing == []
    codes = {answer for answer in due if isinstance(answer, str)}
    assert {"E_SYNTAX", "E_TIME", "E_STATE", "E_TWICE", "E_ROOT", "E_OLD", "E_MISSING"} <= codes


def test_the_programs_are_two_files_to_be_read():
    python, javascript = Path(pub1.__file__).read_text(encoding="utf-8"), PROGRAM.read_text(encoding="utf-8")

    assert "import " not in javascript and "require(" not in javascript and "fetch(" not in javascript
    assert max(map(len, [*python.splitlines(), *javascript.splitlines()])) <= 130
    assert all(code in javascript and sentence in javascript for code, sentence in pub1.FAULTS.items())


def run(*arguments, path: Path):
    """The program as a person runs it who has only Python: no site-packages, no folder of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", pub1.__file__, *map(str, arguments)], cwd=path, capture_output=True, text=True
    )


@pytest.mark.clause("八(二)-c")
def test_the_command_line_names_what_is_wrong_and_its_status_says_it_too(tmp_path):
    case = next(c["input"] for c in CASES if c["name"] == "proof-3-ok")
    register = next(c["input"]["file"] for c in CASES if c["name"] == "data-4")
    files = {"a.tlog-proof": case["proof"], "a.json": case["file"], "b.json": case["file"] + "\n"}
    for name, text in (files | {"r.txt": register, "bad.txt": register.replace("end\t4", "end\t5")}).items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")

    unsigned = run("record", "a.tlog-proof", "a.json", case["key"], path=tmp_path)
    assert (unsigned.returncode, unsigned.stdout.split()[0]) == (2, "consistent")
    assert "没有核对签名" in unsigned.stdout and "一个字" not in unsigned.stdout
    wrong = run("record", "a.tlog-proof", "b.json", path=tmp_path)
    assert (wrong.returncode, wrong.stdout.split()[0]) == (1, "E_SYNTAX")
    assert run("register", "r.txt", path=tmp_path).returncode == 2
    assert run("register", "bad.txt", path=tmp_path).stdout.startswith("E_ROOT ")
    assert run("register", "none.txt", path=tmp_path).returncode == 66
    assert run("nonsense", path=tmp_path).returncode == 64


@pytest.mark.clause("八(二)-c")
def test_a_witness_remembers_and_names_the_entry_that_was_rewritten(tmp_path):
    rng = random.Random(7)
    seed, origin = bytes(range(32)), "benxi.example/register"
    file, _ = written(rng, 12)
    lines = file.splitlines(keepends=True)

    def seen(lines):
        register = pub1.check_register("".join(lines).encode())
        note, key = pub1.sign(origin, register.size, register.root, seed)
        return "".join(lines).encode(), note.encode(), key

    short = reended(lines[:8])
    assert pub1.check_witness(tmp_path, *seen(short))[0] == "ok"
    assert pub1.check_witness(tmp_path, *seen(lines))[0] == "ok"
    with pytest.raises(pub1.Pub1Error, match="E_SHORTER"):
        pub1.check_witness(tmp_path, *seen(short))
    doc = lines[3].split("\t")[4]
    other = reended([line.replace(doc, pub1.digest(b"other")) for line in lines[:-1]])
    with pytest.raises(pub1.Pub1Error, match=r"E_REWRITTEN.*第 2 条"):
        pub1.check_witness(tmp_path, *seen(other))


def reended(lines):
    """The same entries with an end that fits."""
    tree = pub1.Growing()
    for line in lines[1:]:
        tree.add(pub1.leaf_hash(pub1.document_of(line.rstrip("\n").encode())))
    return [*lines, f"end\t{tree.size}\t{tree.root.hex()}\n"]
