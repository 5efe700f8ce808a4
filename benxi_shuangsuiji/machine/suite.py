"""`manage.py test`: the whole suite, and a last word on how much of it ran."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from . import equipment, standalone

WORKERS = "2"


def run(arguments: list[str]) -> int:
    standalone.settle("test")
    with tempfile.TemporaryDirectory(prefix="benxi-test-") as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"--junitxml={report}",
            *in_parallel(arguments),
            *arguments,
        ]
        code = subprocess.run(command, cwd=standalone.ROOT, check=False).returncode
        equipment.say(count(report))
    lacking = equipment.missing(standalone.var(), ("pango", "font", "browser"))
    if "browser" in lacking and not equipment.node():
        lacking.append("javascript")
    for part in lacking:
        equipment.say(WITHOUT[part])
    return code


WITHOUT = {
    "pango": "本机没有 Pango：PDF 测试已跳过。No Pango on this machine: the PDF tests were skipped.",
    "font": "本机没有中文字体：PDF 测试已跳过。No Chinese font on this machine: the PDF tests were skipped.",
    "browser": "本机没有、也没有取到浏览器：浏览器测试已跳过。"
    "No browser could be found or fetched: the browser tests were skipped.",
    "javascript": "也没有 Node：JavaScript 核验程序的测试已跳过。Nor is there Node: the tests of the JavaScript verifier were skipped.",
}


def in_parallel(arguments: list[str]) -> list[str]:
    """Share the whole suite among processes; a few files are faster in one."""
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    paths = any(Path(standalone.ROOT, argument.partition("::")[0]).exists() for argument in arguments)
    asks = any(argument in ("-h", "--help", "--version", "--collect-only", "--co") for argument in arguments)
    return [] if chosen or paths or asks else ["-n", WORKERS]


def count(report: Path) -> str:
    """How many tests ran, in both languages."""
    if not report.exists():
        return "没有运行任何测试。No test ran."
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests"))
        failed += int(suite.get("failures")) + int(suite.get("errors"))
        skipped += int(suite.get("skipped"))
    ran = total - skipped
    return (
        f"共运行 {ran} 项测试：通过 {ran - failed}，未通过 {failed}；另跳过 {skipped}。\n"
        f"{ran} tests ran: {ran - failed} passed, {failed} failed; {skipped} skipped."
    )
