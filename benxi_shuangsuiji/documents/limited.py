"""The process beside this one in which a stranger's bytes are opened, under limits on memory and time (X09–X19, U05).

Whatever a hostile file does there, the caller only reads a refusal. Nothing here imports more than the child may.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benxi_shuangsuiji.refusal import Refused

_ROOT = Path(__file__).resolve().parents[2]


class Child(subprocess.Popen):
    """The process, and since when its caller has waited for it: while he works on what it told, it keeps nobody waiting."""

    waited_since: float | None = None

    def lines(self) -> Iterator[bytes]:
        """What it tells, line by line, however long the caller takes over each."""
        while True:
            self.waited_since = time.monotonic()
            line = self.stdout.readline()
            self.waited_since = None
            if not line:
                return
            yield line

    def keeps_waiting(self, seconds: float) -> bool:
        since = self.waited_since
        return since is not None and time.monotonic() - since > seconds


@contextlib.contextmanager
def limited_process(module: str, *blocks: bytes, trouble: str, slow: str, seconds: int) -> Iterator[Child]:
    """Run `module` of this folder on the blocks; `trouble` is what is said when it breaks down, `slow` when it hangs.

    It hangs when it keeps its caller waiting for so many `seconds`; how long it works is limited by `put_limits`.
    """
    child = Child(
        [sys.executable, "-m", f"benxi_shuangsuiji.documents.{module}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    child.waited_since = time.monotonic()
    late, over = threading.Event(), threading.Event()

    def watch():
        while not over.wait(min(1, seconds / 4)):
            if child.keeps_waiting(seconds):
                late.set()
                child.kill()
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        with contextlib.suppress(BrokenPipeError):
            for block in blocks:
                child.stdin.write(len(block).to_bytes(8, "big"))
                child.stdin.write(block)
            child.stdin.flush()
        yield child
    except (Refused, BrokenPipeError) as refusal:
        if late.is_set():
            raise Refused(slow) from None
        raise refusal if isinstance(refusal, Refused) else Refused(trouble) from None
    finally:
        over.set()
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        child.wait()


def read_block(source) -> bytes:
    """One block, in the child."""
    return source.read(int.from_bytes(source.read(8), "big"))


def put_limits(*, memory: int, seconds: int) -> None:
    """Put the limits on this process, which is the child."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
