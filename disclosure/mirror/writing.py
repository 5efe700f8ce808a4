"""The whole public side as files (PUB1 §4): the log from its rows, the pages as the site itself answers them.

Pages are asked of the same application that serves them, in this process: a mirror is what anybody would have been shown
without signing in, so it can hold nothing that is not public, and there is no second way to draw a page. No session, no
cookie. What was withdrawn is taken away; in place of its page stands what stands there on the site.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.base import BaseHandler
from django.db.models import QuerySet
from django.test import RequestFactory
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from disclosure.draws.documents import PublicChainEntry
from disclosure.models import Checkpoint, Publication, RegisterEntry
from disclosure.register import log, pub1, witnesses

from . import links
from .folder import Folder

# Where reading begins; all else is reached from here. What no page names stands here as well.
SEEDS = (
    "home",
    "register",
    "register-own",
    "feed",
    "results-csv",
    "followups-csv",
    "results-jsonl",
    "schema",
    "openapi",
)
ROWS = "register/publications.jsonl"
WHOLE_AFTER = 7  # days: what depends on the day alone is written anew
COLUMNS = (
    "title",
    "unit_code",
    "unit_name",
    "year",
    "number",
    "facility_code",
    "facility_name",
    "district",
    "category",
)
COLUMNS += ("outcome", "checked_on", "workday_number", "late_reason", "published_at", "issued_at")


# Pages name a style sheet by its content (`web.static`), the file itself bears its name alone.
_OF_CONTENT = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


@dataclass(frozen=True)
class Written:
    files: int
    changed: int
    size: int
    whole: bool


class Site:
    """The site as somebody outside is answered, without a server between."""

    def __init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS[0] != "*" else "localhost"
        self.secure = settings.HTTPS
        self.address = f"http{'s' if self.secure else ''}://{self.host}"
        self.requests = RequestFactory(SERVER_NAME=self.host)

    def get(self, address: str) -> tuple[int, str, bytes | Iterator[bytes]]:
        """Status, kind and content; of what stands elsewhere, where."""
        if address.startswith("/static/"):
            found = finders.find(_OF_CONTENT.sub("", address.removeprefix("/static/")))
            return (200, "", Path(found).read_bytes()) if found else (404, "", b"")
        request = self.requests.get(address, secure=self.secure)
        request.for_mirror = True  # as often as there are pages (disclosure.pace)
        answer = self.handler.get_response(request)
        if answer.status_code == 302:
            return 302, answer.headers["Location"], b""
        content = iter(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, answer.headers.get("Content-Type", ""), content


def write(
    root: Path, *, whole: bool = False, progress: Callable[[int, int], None] = lambda done, total: None
) -> Written:
    """Write what has changed since the last time, or everything."""
    folder, checkpoint, today = Folder(root), log.newest(), clock.today()
    known = folder.known
    since, pages = known.get("size", 0), set(known.get("pages", []))
    whole = whole or not known or known["origin"] != _origin(checkpoint) or _age(known, today) >= WHOLE_AFTER
    if whole:
        since = 0
    write_log(folder, checkpoint, since)
    touched = _touched(since, known.get("draws")) if not whole else None
    reached = _write_pages(folder, pages, touched, progress)
    for gone in pages - reached if whole else ():
        folder.remove(links.file_of(gone))
    if checkpoint:  # last, so that a copy made meanwhile holds no head beyond its entries
        folder.write(HEAD.lstrip("/"), witnesses.note_of(checkpoint).encode())
    size = checkpoint.size if checkpoint else 0
    whole_on = today.isoformat() if whole else known["whole_on"]
    folder.finish(size=size, origin=_origin(checkpoint), pages=sorted(reached), whole_on=whole_on, draws=_newest_link())
    done = Written(len(folder.files), folder.changed, size, whole)
    trail.record("disclosure.mirror.written", by=None, files=done.files, changed=done.changed, size=size)
    return done


def _origin(checkpoint: Checkpoint | None) -> str:
    return checkpoint.origin if checkpoint else ""


def _age(known: dict, today) -> int:
    return (today - today.fromisoformat(known["whole_on"])).days


def _newest_link() -> str:
    return PublicChainEntry.objects.order_by("-seq").values_list("link", flat=True).first() or ""


# --- the log ------------------------------------------------------------------------------------------------------------


def write_log(folder: Folder, checkpoint: Checkpoint | None, since: int) -> None:
    """Texts, proofs, tiles, the plain file, and the rows that a restored database is filled from."""
    size = checkpoint.size if checkpoint else 0
    node = log.reader()
    sealed = {_file(f"json-{p.kind}", [p.no, p.version]) for p in _sealed()}
    for name in sealed & folder.files.keys():
        folder.remove(name)
    entries = RegisterEntry.objects.filter(index__gte=since).select_related("publication").order_by("index")
    for entry in entries.iterator(chunk_size=500):
        place = [entry.publication.no, entry.publication.version]
        kind = entry.publication.kind
        if (name := _file(f"json-{kind}", place)) not in sealed:
            folder.write(name, entry.publication.text.encode())
        if entry.index < size:
            folder.write(_file(f"tlog-proof-{kind}", place), log.proof(entry, checkpoint, node).encode())
    if checkpoint and size > since:
        _write_tiles(folder, checkpoint, since)
        folder.write("register/register.txt", (line.encode() for line in log.plain_file(checkpoint)))
    folder.write(ROWS, (pub1.canonical(row).encode() + b"\n" for row in _rows()))


def _file(name: str, place: list) -> str:
    return links.file_of(reverse(f"disclosure:{name}", args=place))


def _sealed() -> QuerySet[Publication]:
    """What a withdrawal has sealed."""
    return Publication.everything.exclude(pk__in=Publication.everything.unsealed().values("pk"))


def _write_tiles(folder: Folder, checkpoint: Checkpoint, since: int) -> None:
    level, size, before, written = 0, checkpoint.size, since, set()
    while size:
        for name in (str(level), "entries") if level == 0 else (str(level),):
            for number in range(before // pub1.TILE, -(-size // pub1.TILE)):
                width = min(pub1.TILE, size - number * pub1.TILE)
                content = log.tile(name, number, width, checkpoint)
                written.add(place := "register/" + pub1.tile_path(name, number, width))
                folder.write(place, content)
        level, size, before = level + 1, size // pub1.TILE, before // pub1.TILE
    parts = [name for name in folder.files if name.startswith("register/tile/") and ".p/" in name]
    for name in parts:  # what was partial is now longer
        if name not in written:
            folder.remove(name)


def _rows() -> Iterator[dict]:
    """What stands beside the texts: of sealed ones nothing but that they are there."""
    for p in Publication.everything.unsealed().order_by("entry__index").iterator(chunk_size=500):
        said = {name: getattr(p, name) for name in COLUMNS}
        said |= {name: said[name].isoformat() for name in ("checked_on", "published_at", "issued_at") if said[name]}
        yield {"kind": p.kind, "no": p.no, "version": p.version} | said


# --- the pages ----------------------------------------------------------------------------------------------------------


def _touched(since: int, draws: str | None) -> set[str] | None:
    """Numbers and codes of which something new has become public; None when a draw has, which many pages tell."""
    if draws != _newest_link():
        return None
    new = Publication.everything.filter(entry__index__gte=since).values_list("no", flat=True)
    found = Publication.everything.filter(
        no__in=new
    )  # a tombstone names neither facility nor check: what it seals does
    rows = found.values_list("no", "facility_code", "snapshot__check")
    return {str(name) for row in rows for name in row if name}


def _write_pages(folder: Folder, known: set[str], touched: set[str] | None, progress) -> set[str]:
    """Every page and file that can be reached, each once; of lasting ones that are there only those that were touched."""
    site, reached, waiting = Site(), set(), [reverse(f"disclosure:{name}") for name in SEEDS]
    waiting += sorted(known if touched is not None else ())
    led_from: dict[str, set[str]] = defaultdict(set)
    while waiting:
        address = waiting.pop()
        if address in reached:
            continue
        reached.add(address)
        file = links.file_of(address)
        if _stands(folder, address, file, known, touched):
            continue
        for target in _write_page(folder, site, address, file):
            led_from[target].add(address)
            waiting.append(target)
        progress(len(reached), len(reached) + len(waiting))
    lacking = {address for address in reached if links.file_of(address) not in folder.files} - {HEAD}
    for address in set().union(*(led_from[gone] for gone in lacking)) - lacking:
        _write_page(folder, site, address, links.file_of(address), lacking)
    return {address for address in reached - lacking if not _OF_LOG.search(address)}


HEAD = "/register/checkpoint"  # written at the end
_OF_LOG = re.compile(r"^/register/|/v[0-9]+\.(?:json|tlog-proof)$")


def _stands(folder: Folder, address: str, file: str, known: set[str], touched: set[str] | None) -> bool:
    """Whether it need not be asked for: the log's own files, and lasting pages of which nothing new is public."""
    if address == HEAD or (_OF_LOG.search(address) and file in folder.files):
        return True
    if touched == set() and file.endswith(".xlsx") and file in folder.files:
        return True  # a workbook bears the hour at which it was made
    if touched is None or address not in known or file not in folder.files or not links.is_lasting(address):
        return False
    return not touched & {part.removesuffix(".json") for part in address.partition("?")[0].split("/")}


def _write_page(folder: Folder, site: Site, address: str, file: str, lacking: Set[str] = frozenset()) -> list[str]:
    """Ask for it and write the answer; what it leads to. What is `lacking` here is read on the site."""
    status, kind, content = site.get(address)
    if status == 302 and (target := links.address_of(kind, address)):
        folder.write(file, links.leading_on(kind, target, file).encode())
        return [target]
    is_page = kind.startswith("text/html")
    if status != 200 and not (status == 410 and is_page):
        folder.remove(file)
        return []
    if is_page:
        html, found = links.rewritten(content.decode(), address, site.address, lacking)
        folder.write(file, html.encode())
        return found
    folder.write(file, content)
    return list(links.of_style(content.decode(), address)) if file.endswith(".css") else []
