"""The process beside this one in which a stranger's bytes are opened, under limits on memory and time (X09–X19, U05).

Whatever a hostile file does there, the caller only reads a refusal. Nothing here imports more than the child may.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from benxi_shuangsuiji.refusal import Refused

_ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def limited_process(
    module: str, *blocks: bytes, trouble: str, slow: str, seconds: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `module` of this folder on the blocks; `trouble` is what is said when it breaks down, `slow` when it hangs."""
    child = subprocess.Popen(
        [sys.executable, "-m", f"benxi_shuangsuiji.documents.{module}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    late = threading.Event()
    timer = threading.Timer(seconds, lambda: (late.set(), child.kill()))
    timer.daemon = True
    timer.start()
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
        timer.cancel()
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
