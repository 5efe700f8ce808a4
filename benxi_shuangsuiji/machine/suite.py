"""`manage.py test`: the suite, and a last word on how much of it ran. `manage.py check_all`: that and the slow set."""

import os
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from . import equipment, standalone

WORKERS = "2"
SUITE = "suite"
SERVER = "postgres"  # a row of the summary


@dataclass(frozen=True)
class Group:
    """A part of the slow set: what it is, and whether `.ci/run` takes the time for it on every change.

    `shared`: its tests are shared among processes; those that end processes or drive a browser run alone.
    """

    words: str
    in_ci: bool
    shared: bool = False


# The tests of each wear `@pytest.mark.slow("…")`; they run one group after the other, in this order, or with `--ci` two at
# a time: what runs alone beside what is shared.
GROUPS = {
    "processes": Group("结束进程、另起数据库和网站", in_ci=True),
    "secrecy": Group("逐页比对保密", in_ci=True, shared=True),
    "walks": Group("每个地址、每个角色逐一打开", in_ci=True, shared=True),
    "matrix": Group("每个地址、每个角色、每种请求方法，和不存在的逐一比较", in_ci=False, shared=True),
    "browser": Group("浏览器里走完一个季度", in_ci=True),
    "public": Group("公开页在浏览器里", in_ci=False),
    "axe": Group("每个工作页面、两种宽度，在浏览器里由 axe 检查", in_ci=False),
    "days": Group("每个角色的一天：在浏览器里从首页一步一步点到要办的事", in_ci=False),
    "offline": Group("手机在没有网络时", in_ci=False),
    "years": Group("走过一个季度、一整年和多年", in_ci=True, shared=True),
    "recomputed": Group("演示的一年，逐项重新算过", in_ci=False),
    "reminded": Group("提醒：两个后台任务随时被杀死，放假安排有更正，逐个早晨比较", in_ci=False),
    "killed": Group("网站和后台任务在每一步被杀死", in_ci=False),
    "moments": Group("在每一条语句上出错，五十个人同时按", in_ci=False, shared=True),
    "storage": Group("文件放在对象存储里", in_ci=False),
    "drills": Group("演练：新的服务器、从上一版升级、忙的时候重新启动", in_ci=False),
    "foreign": Group("别人写的程序核对公示日志", in_ci=False),
    "dates": Group("同样的日子，换到午夜前后和别的时区", in_ci=False),
    "office": Group("导出的表经 LibreOffice 另存再导入，没有变化", in_ci=False),
}


def run(arguments: list[str]) -> int:
    standalone.settle("test")
    with tempfile.TemporaryDirectory(prefix="benxi-test-") as folder:
        report = Path(folder) / "report.xml"
        code = pytest(report, *in_parallel(arguments), *arguments)
        equipment.say(count(report))
    say_what_lacks()
    return code


def pytest(report: Path, *arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    return subprocess.run(command, cwd=standalone.ROOT, check=False).returncode


def say_what_lacks() -> None:
    """Name what this machine has not got, and which tests were skipped for it."""
    lacking = equipment.missing(standalone.var(), ("pango", "font", "browser"))
    if "browser" in lacking and not equipment.node():
        lacking.append("javascript")
    for part in lacking:
        equipment.say(WITHOUT[part])


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


@dataclass(frozen=True)
class Counts:
    """What the report of a run says."""

    ran: int = 0
    failed: int = 0
    skipped: int = 0

    @classmethod
    def of(cls, report: Path) -> "Counts":
        if not report.exists():
            return cls()
        total = failed = skipped = 0
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            total += int(suite.get("tests"))
            failed += int(suite.get("failures")) + int(suite.get("errors"))
            skipped += int(suite.get("skipped"))
        return cls(total - skipped, failed, skipped)


def count(report: Path) -> str:
    """How many tests ran, in both languages."""
    if not report.exists():
        return "没有运行任何测试。No test ran."
    counts = Counts.of(report)
    ran, failed, skipped = counts.ran, counts.failed, counts.skipped
    return (
        f"共运行 {ran} 项测试：通过 {ran - failed}，未通过 {failed}；另跳过 {skipped}。\n"
        f"{ran} tests ran: {ran - failed} passed, {failed} failed; {skipped} skipped."
    )


# --- everything -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One line of the summary."""

    name: str
    counts: Counts
    seconds: float
    processor: float
    code: int

    @property
    def result(self) -> str:
        return "通过" if self.code == 0 else f"未通过（{self.code}）"


def check_all(arguments: list[str]) -> int:
    """The suite and the slow set, or the named parts; `--ci` is the share of the slow set that `.ci/run` needs."""
    parts = parts_of(arguments)
    standalone.settle("test")
    from tests import database  # noqa: F401 - starts one server with a migrated template, which all parts share

    done = [measured(SUITE)] if SUITE in parts else []
    groups = [part for part in parts if part != SUITE]
    done += two_at_a_time(groups) if "--ci" in arguments else [measured(group) for group in groups]
    equipment.say("\n".join(summary(done)))
    say_what_lacks()
    return max(part.code for part in done)


def parts_of(arguments: list[str]) -> list[str]:
    """Which parts these words ask for; anything else ends the command with a sentence."""
    if unknown := [word for word in arguments if word not in {"--ci", SUITE, *GROUPS}]:
        sys.exit(f"没有“{'、'.join(unknown)}”这一组。可以写：--ci、{SUITE}、{'、'.join(GROUPS)}。")
    if not arguments:
        return [SUITE, *GROUPS]
    asked = {name for name, group in GROUPS.items() if group.in_ci and "--ci" in arguments} | set(arguments)
    return [name for name in (SUITE, *GROUPS) if name in asked]


def measured(part: str, run: Callable[..., int] = pytest) -> Part:
    """Run one part in a pytest of its own; its processor time holds its processes and the database server."""
    chosen = in_parallel([]) if part == SUITE else slow_arguments(part)
    equipment.say(f"\n== {title(part)} ==")
    with tempfile.TemporaryDirectory(prefix="benxi-test-") as folder:
        report = Path(folder) / "report.xml"
        begun, busy = time.monotonic(), processor_time()
        code = run(report, *chosen)
        return Part(part, Counts.of(report), time.monotonic() - begun, processor_time() - busy, code)


def two_at_a_time(groups: list[str], measure: Callable[..., Part] | None = None) -> list[Part]:
    """Two groups beside each other, each in one process, so that no processor waits for one that runs alone.

    Of those that run alone there is never more than one; whoever is done takes the next that is left. What each of them
    says is said when it ends. The database server serves both, so its time stands in a row of its own.
    """
    measure = measure or beside
    alone, shared = (deque(g for g in groups if GROUPS[g].shared == kind) for kind in (False, True))
    done: list[Part] = []

    def work(*queues: deque[str]) -> None:
        for queue in queues:
            while queue:
                try:
                    group = queue.popleft()
                except IndexError:  # the other was quicker
                    break
                done.append(measure(group))

    served = server_time()
    with ThreadPoolExecutor(2) as both:
        for lane in [both.submit(work, alone, shared), both.submit(work, shared)]:
            lane.result()
    return [
        *sorted(done, key=lambda part: groups.index(part.name)),
        Part(SERVER, Counts(), 0, server_time() - served, 0),
    ]


def beside(group: str) -> Part:
    """Run a group in one process while another runs; its processor time is that of its processes alone."""
    arguments = ["-n", "0", "--slow", group, *files_of(group)]
    with tempfile.TemporaryDirectory(prefix="benxi-test-") as folder:
        report, said, begun = Path(folder) / "report.xml", Path(folder) / "said", time.monotonic()
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
        with said.open("wb") as output:
            running = subprocess.Popen(command, cwd=standalone.ROOT, stdout=output, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        equipment.say(f"\n== {title(group)} ==\n{said.read_text(encoding='utf-8', errors='replace')}")
        seconds, busy = time.monotonic() - begun, used.ru_utime + used.ru_stime
        return Part(group, Counts.of(report), seconds, busy, running.returncode)


def slow_arguments(group: str) -> list[str]:
    """One test at a time to each process that asks for one: they are few, and of very different length."""
    shared = ["-n", WORKERS, "--maxschedchunk", "1"] if GROUPS[group].shared else ["-n", "0"]
    return [*shared, "--slow", group, *files_of(group)]


def files_of(group: str) -> list[str]:
    """The files with tests of the group; to collect the whole tree for each group would take longer than some of them."""
    tests = standalone.ROOT / "tests"
    return [str(path) for path in sorted(tests.rglob("test_*.py")) if f'mark.slow("{group}")' in path.read_text()]


def title(part: str) -> str:
    return "全部常规测试" if part == SUITE else f"慢测试 {part}：{GROUPS[part].words}"


def processor_time() -> float:
    """Seconds that the ended children of this process and the database server have been busy so far."""
    import resource  # not on Windows, where the tests run and check_all does not

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime + server_time()


def server_time() -> float:
    """Processor time of the server at `DATABASE_URL` with its processes, ended ones too; 0 for one on another machine."""
    folder = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query).get("host", [""])[0]
    try:
        postmaster = int((Path(folder) / "postmaster.pid").read_text().split("\n", 1)[0])
        living = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        ticks = sum(stat(postmaster)[11:15]) + sum(sum(stat(int(child))[11:13]) for child in living)
    except OSError:
        return 0.0
    return ticks / os.sysconf("SC_CLK_TCK")


def stat(pid: int) -> list[int]:
    """The numbers of /proc/<pid>/stat, the state's letter as 0; none for a process that has just ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [0, *map(int, fields[1:])]


def summary(done: Iterable[Part]) -> list[str]:
    """The table at the end, as closing notes quote it."""
    done = list(done)
    rows = [("组", "测试", "跳过", "秒", "处理器秒", "结果")]
    rows += [
        (p.name, str(p.counts.ran), str(p.counts.skipped), f"{p.seconds:.0f}", f"{p.processor:.0f}", p.result)
        for p in done
    ]
    if len(done) > 1:
        ran, skipped = sum(p.counts.ran for p in done), sum(p.counts.skipped for p in done)
        seconds, busy = sum(p.seconds for p in done), sum(p.processor for p in done)
        result = "通过" if all(p.code == 0 for p in done) else "未通过"
        rows.append(("合计", str(ran), str(skipped), f"{seconds:.0f}", f"{busy:.0f}", result))
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["", *("  ".join(laid(cell, widths[n], n) for n, cell in enumerate(row)).rstrip() for row in rows)]


def laid(cell: str, wide: int, column: int) -> str:
    """Words to the left, numbers to the right."""
    space = " " * (wide - width(cell))
    return space + cell if 0 < column < 5 else cell + space


def width(text: str) -> int:
    """Columns of a terminal: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
