"""How often one network address may ask for files and for data: generous, in words, and without a riddle (四(3)-e).

Counted in the process, a minute at a time: what is kept and answered at once is not counted, and nobody is written down.
"""

from collections import Counter
from threading import Lock
from time import time

from django.conf import settings
from django.http import HttpResponse

from benxi_shuangsuiji.accounts.access import client_address

MINUTE = 60
MOST_ADDRESSES = 50_000
WORDS = {"files": "份文件", "api": "次接口查询"}


class Counting:
    """Questions by kind and address within the present minute."""

    def __init__(self) -> None:
        self._lock, self._minute, self._asked = Lock(), 0, Counter()

    def wait(self, kind: str, address: str) -> int:
        """Seconds until this address may ask again; 0: now."""
        now = int(time())
        with self._lock:
            if self._minute != now // MINUTE or len(self._asked) > MOST_ADDRESSES:
                self._minute = now // MINUTE
                self._asked.clear()
            self._asked[kind, address] += 1
            return MINUTE - now % MINUTE if self._asked[kind, address] > settings.PUBLIC_PACE[kind] else 0


COUNTING = Counting()


def too_fast(request, kind: str) -> HttpResponse | None:
    """The answer to who asks faster than that; None to everybody else. The mirror is written by ourselves."""
    if not settings.PUBLIC_PACE[kind] or getattr(request, "for_mirror", False):
        return None
    if not (seconds := COUNTING.wait(kind, client_address(request))):
        return None
    said = f"这个网络地址一分钟内已超过 {settings.PUBLIC_PACE[kind]} {WORDS[kind]}，{seconds} 秒后再继续。全部数据也可以一次下载：/data/。\n"
    return HttpResponse(
        said, status=429, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(seconds)}
    )
