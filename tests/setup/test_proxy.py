"""What the proxy itself does (P26, 八(二)-c): the real nginx with the delivered file, before two groups that answer what a test says."""

import http.client
import http.server
import socket
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

from disclosure.site.freshness import WITH_WORDS, _for_caches
from tests.setup.front import UNITS, Front, there_is_nginx

pytestmark = [
    pytest.mark.slow("processes"),
    pytest.mark.skipif(not there_is_nginx(), reason="本机没有 nginx"),
]
SHORT = 2  # instead of the ten minutes after which a page with words is thrown away
LOOKS_AGAIN = 10  # nginx looks for what to throw away at least every ten seconds


class Group(http.server.ThreadingHTTPServer):
    """`said`: address → status; others are 404 of a public page. `takes`: seconds for an answer. `most`: were asked at one time."""

    daemon_threads, request_queue_size = True, 128

    def __init__(self, port: int):
        self.said, self.takes, self.asked = {}, 0.0, defaultdict(int)
        self.now = self.most = 0
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Answer)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        group = self.server
        with group.lock:
            group.asked[self.path] += 1
            group.now += 1
            group.most = max(group.most, group.now)
        time.sleep(group.takes)
        status = group.said.get(self.path, 404)
        body = f"{status} of {self.path}".encode()
        with group.lock:
            group.now -= 1
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in _for_caches(WITH_WORDS).items() if status in (200, 404, 410) else ():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Proxy(Front):
    def start(self, name: str) -> None:
        group = Group(self.ports[name])
        group.said["/healthz/?only=database"] = 200
        setattr(self, name, group)
        self.open.callback(group.server_close)
        self.open.callback(group.shutdown)

    def files(self, zone: str) -> int:
        return sum(path.is_file() for path in (self.folder / "cache" / zone).rglob("*"))


class Hasty(Proxy):
    def changed(self, conf: str) -> str:
        assert conf.count("inactive=10m") == 2
        return conf.replace("inactive=10m", f"inactive={SHORT}s")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    with Proxy(folder, {name: {} for name in UNITS}) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def as_they_begin(proxy):
    yield
    for group in (proxy.office, proxy.public):
        group.said, group.takes, group.most = {}, 0.0, 0


@pytest.mark.clause("八(二)-c")
@pytest.mark.promise("P26")
def test_withdrawn_words_do_not_come_back_when_no_answer_can_be_had(tmp_path):
    """Nobody has opened the page since its withdrawal; then the group is full, or the program is away."""
    tmp_path.chmod(0o755)
    with Hasty(tmp_path, {name: {} for name in UNITS}) as proxy:
        forms = [{}, {"Accept-Encoding": "gzip"}, {"Cookie": "size=large"}, {"X-Forwarded-Proto": "https"}]
        pages = ("/results/SJ2026-0001/", "/results/", "/enterprises/E1/", "/registers/notices/", "/", "/notices/")
        proxy.public.said = dict.fromkeys((*pages, "/contact/"), 200)
        for page in (*pages, "/contact/"):
            assert [proxy.get(page, **form).kept for form in forms] == ["MISS"] * 4
        proxy.public.said |= dict.fromkeys(pages, 410)
        time.sleep(SHORT + LOOKS_AGAIN + 1)
        proxy.public.said = dict.fromkeys((*pages, "/contact/"), 503)
        proxy.grow_old(600)
        assert {proxy.get(page, **form).status for page in pages for form in forms} == {503}
        assert [proxy.get("/contact/", **form).kept for form in forms] == ["STALE"] * 4


@pytest.mark.clause("八(二)-c")
def test_what_is_gone_takes_the_place_of_what_was_kept(proxy):
    """Or a withdrawn page would come back with the next time that the program is away."""
    page = "/results/SJ2026-0003/"
    for gone in (404, 410):
        proxy.empty()
        proxy.public.said = {page: 200}
        assert proxy.get(page).status == 200
        proxy.public.said = {page: gone}
        proxy.grow_old(60)
        assert (proxy.get(page).status, proxy.get(page).kept) == (gone, "HIT")
        proxy.public.said = {page: 503}
        proxy.grow_old(60)
        assert (proxy.get(page).status, proxy.get(page).kept) == (gone, "STALE")


@pytest.mark.promise("P26")
def test_what_strangers_invent_pushes_out_no_page_that_is_there(proxy):
    """Addresses that are not there, spellings and arguments nobody has thought of, versions of a style sheet."""
    there = ("/results/SJ2026-0004/", "/contact/")
    proxy.public.said = dict.fromkeys(
        (*there, *(f"/results/?q={n}&" for n in range(20)), "/%63ontact/", "/con%74act/"), 200
    )
    proxy.public.said |= dict.fromkeys((f"/static/a.{n}.css" for n in range(20)), 200)
    for page in there:
        proxy.get(page)
    before = {zone: proxy.files(zone) for zone in ("words", "public")}
    for n in range(40):
        assert proxy.get(f"/results/invented{n}/").status == 404 and proxy.get(f"/nowhere{n}/").status == 404
    for n in range(20):
        assert proxy.get(f"/results/?q={n}").status == proxy.get(f"/static/a.{n}.css").status == 200
    for spelling in ("/%63ontact/", "/con%74act/"):
        assert proxy.get(spelling).status == 200
    assert {zone: proxy.files(zone) for zone in ("words", "public")} == before
    assert proxy.files("asked") >= 22 and proxy.files("static") >= 20
    assert [proxy.get(page).kept for page in there] == ["HIT", "HIT"]


def test_what_the_guide_deletes_is_shown_no_more_even_while_nobody_answers(proxy):
    """安装.md: in a hurry, and without a restart."""
    page = "/results/SJ2026-0002/"
    proxy.public.said = {page: 200}
    assert proxy.get(page).status == 200
    proxy.public.said = {page: 503}
    proxy.grow_old(60)
    assert proxy.get(page).kept == "STALE"
    proxy.empty()
    assert proxy.get(page).status == 503
    proxy.public.said = {page: 200}
    assert proxy.get(page).status == 200 and proxy.get(page).kept == "HIT"


@pytest.mark.promise("P26")
def test_strangers_leave_room_for_whoever_is_signed_in(proxy):
    """Sign-in, health and calendars are the office's, which has eight threads; anybody may ask for them."""
    doors, session = ("/desk/login/", "/healthz/", "/calendar/K/"), {"Cookie": "__Host-sessionid=x"}
    proxy.office.said = dict.fromkeys((*doors, "/desk/"), 200)
    proxy.office.takes = takes = 4.0
    with ThreadPoolExecutor(41) as crowd:
        asked = [crowd.submit(proxy.get, doors[n % 3], f"198.51.100.{n}") for n in range(40)]
        time.sleep(0.5)
        at_work = crowd.submit(proxy.get, "/desk/", "192.0.2.7", **session)
        said = [one.result() for one in asked]
        assert at_work.result().status == 200 and at_work.result().seconds < 2 * takes
    refused = [one for one in said if one.status == 503]
    assert proxy.office.most <= 6 and len(refused) >= 20
    assert max(one.seconds for one in refused) < takes and all("来的人太多" in one.body.decode() for one in refused)


@pytest.mark.promise("P26")
def test_files_that_strangers_invent_do_not_reach_the_office(proxy):
    """Style sheets are in both groups; a file that is not there is a page of the program. Whoever is signed in gets them of the office."""
    proxy.office.said["/static/own.css"] = 200
    assert {proxy.get(f"/static/x{n}", f"198.51.100.{n}").status for n in range(40)} == {404}
    assert proxy.office.most == 0 and proxy.public.asked["/static/x39"] == 1
    assert proxy.get("/static/own.css", Cookie="sessionid=x").status == 200 and proxy.office.most == 1
    assert proxy.get("/static/own.css", Host="LOCALHOST.:1").status == 200  # kept, whatever the host was written like
    assert proxy.public.asked["/static/own.css"] == 0


@pytest.mark.promise("P26")
def test_a_host_written_otherwise_pushes_out_no_page_and_is_counted(proxy):
    """The program takes its own name with any port, in capitals and with a dot behind it; each would be a page of its own."""
    proxy.public.said = dict.fromkeys(("/results/SJ2026-0005/", "/guide/"), 200)
    own = ("localhost", f"localhost:{proxy.ports['proxy']}")
    for page in proxy.public.said:
        assert [proxy.get(page, Host=host).kept for host in own] == ["MISS", "MISS"]
    before = {zone: proxy.files(zone) for zone in ("words", "public", "asked")}
    others = [*(f"localhost:{n}" for n in range(1, 60)), "LocalHost", "localhost.", "[::1]"]
    for n, host in enumerate(others):
        for page in proxy.public.said:
            assert proxy.get(page, f"192.0.2.{n + 1}", Host=host).status == 200
    after = {zone: proxy.files(zone) for zone in before}
    assert (after["words"], after["public"]) == (before["words"], before["public"])
    assert after["asked"] == before["asked"] + 2 * len(others)
    told = Counter(proxy.get("/guide/", "203.0.113.30", Host=f"localhost:{n}").status for n in range(1, 300))
    assert told[429] >= 20 and told[200] >= 40
    assert proxy.get("/guide/", "203.0.113.30").kept == "HIT"


@pytest.mark.promise("P26")
def test_one_address_asks_the_office_neither_too_often_nor_too_much_at_once(proxy):
    session, paths = {"Cookie": "sessionid=invented"}, ("/desk/login/", "/desk/")
    proxy.office.said = dict.fromkeys(paths, 200)
    for address, cookie in (("203.0.113.20", {}), ("203.0.113.23", session)):  # an invented cookie opens no other door
        told = Counter(proxy.get("/desk/login/", address, **cookie).status for _ in range(160))
        assert told[200] >= 40 and told[429] >= 20
    assert proxy.get("/desk/login/", "203.0.113.21").status == 200
    assert proxy.get("/desk/", "203.0.113.20", **session).status == 200  # a colleague behind the same address works on
    proxy.office.takes, proxy.office.most = 1.0, 0
    with ThreadPoolExecutor(60) as crowd:
        told = Counter(
            one.status for one in crowd.map(lambda _: proxy.get("/desk/", "203.0.113.22", **session), range(60))
        )
    assert proxy.office.most <= 32 and told[429] >= 20 and told[200] >= 10


def test_how_the_public_group_is_can_be_asked_from_outside(proxy):
    """Only it knows whether it reads the replica (decision 0069)."""
    proxy.office.said, proxy.public.said = {"/healthz/": 200}, {"/healthz/": 503}
    assert (proxy.get("/healthz/").status, proxy.get("/healthz/public/").status) == (200, 503)


def test_what_the_proxy_itself_refuses_is_said_in_words(proxy):
    """A file beyond every limit, cookies or an address too long, what is no request (F11, ASVS 3.4)."""
    wanted = {
        "POST /desk/objects/import/ HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000": (413, "文件太大，没有收下"),
        "POST /corrections/new/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000": (413, "每份 20 MB"),
        f"GET /desk/ HTTP/1.1\r\nHost: a\r\nCookie: {'a' * 40_000}": (400, "清除这个网站的 Cookie"),
        f"GET /desk/?q={'a' * 9_000} HTTP/1.1\r\nHost: a": (414, "地址太长"),
        "GET / HTTP/1.1": (400, "这个请求读不了"),
    }
    for request, (status, words) in wanted.items():
        with socket.create_connection(("127.0.0.1", proxy.ports["proxy"]), 10) as line:
            line.sendall(f"{request}\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(line)
            answer.begin()
            body = answer.read().decode()
        assert (answer.status, words in body) == (status, True), (request[:60], answer.status, body[:300])
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "utf-8" in answer.headers["Content-Type"]
    assert "/desk/objects/import/" not in proxy.office.asked and "/corrections/new/" not in proxy.public.asked
