"""What stands on answers and cookies for browsers: where a page may be shown, what it may load, over what it may travel (ASVS 3.3, 3.4)."""

import re
import runpy
from http.cookies import Morsel

import pytest
from django.conf import settings as used
from django.contrib.sessions.models import Session
from django.test import Client

from tests.browsing import post, signed_in
from tests.factories import PASSWORD, make_observer, make_planner, make_registrar, make_unit

pytestmark = pytest.mark.django_db
SHEET = "/static/css/base.css"
PUBLIC = ["/", "/results/", "/data/results.json", "/feed/", "/enterprises/nobody/", "/healthz/", "/desk/login/", SHEET]
STAFF = ["/desk/", "/desk/objects/", "/desk/nothing-there/", "/desk/objects/new/"]
POLICY = {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"}


@pytest.fixture
def in_production():
    """The settings as they are behind TLS."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {"HTTPS": "true", "ALLOWED_HOSTS": "benxi.example", "HSTS_SUBDOMAINS": "true"}.items():
            environment.setenv(name, value)
        return runpy.run_path(used.BASE_DIR / "benxi_shuangsuiji/settings.py")


@pytest.mark.promise("P22")
@pytest.mark.story("O16")
def test_every_kind_of_answer_says_what_a_browser_may_do_with_it(settings, in_production):
    for name, value in in_production.items():
        if name.startswith("SECURE_"):
            setattr(settings, name, value)
    planner = signed_in(make_planner(make_unit()))
    for browser, address in [*((Client(), a) for a in PUBLIC), *((planner, a) for a in STAFF)]:
        answer = browser.get(address, secure=True)
        assert set(answer["Content-Security-Policy"].split("; ")) >= POLICY, address
        assert "unsafe" not in answer["Content-Security-Policy"], address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["Referrer-Policy"] == "same-origin" and answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", address
        text = answer["Content-Type"].startswith("text/")
        assert "charset" in answer["Content-Type"] or not text, address
        open_to_portals = (
            address in PUBLIC and answer.status_code == 200 and address.startswith(("/data/", "/feed/", "/static/"))
        )
        assert answer.get("Access-Control-Allow-Origin") == ("*" if open_to_portals else None), address
        unencrypted = browser.get(address)
        if address != "/healthz/":  # asked by the machine itself
            assert (unencrypted.status_code, unencrypted["Location"]) == (301, f"https://testserver{address}")


def test_what_the_proxy_answers_itself_says_it_too():
    text = (used.BASE_DIR / "docs/deploy/nginx.conf").read_text(encoding="utf-8")
    own = [place for place in re.findall(r"location @\w+ \{.*?\n    \}", text, re.S) if "return " in place]
    assert len(own) >= 3
    for place in own:
        assert "X-Content-Type-Options nosniff always;" in place, place
        said = re.search(r'Content-Security-Policy "([^"]+)" always;', place)[1].split("; ")
        assert set(said) >= POLICY - {"script-src 'self'"} and not [one for one in said if one.startswith("script")], (
            place
        )


def test_cookies_are_for_this_site_alone_and_no_script_reads_them(in_production):
    for kind in ("SESSION", "CSRF"):
        assert in_production[f"{kind}_COOKIE_NAME"].startswith("__Host-") and in_production[f"{kind}_COOKIE_SECURE"]
    assert in_production["DEVICE_COOKIE_NAME"].startswith("__Host-")
    browser = Client()
    browser.get("/desk/login/")
    browser.post("/desk/login/", {"username": make_observer().username, "password": PASSWORD})
    names = {used.SESSION_COOKIE_NAME, used.CSRF_COOKIE_NAME, used.DEVICE_COOKIE_NAME}
    assert set(browser.cookies) == names
    for name in names:
        cookie: Morsel = browser.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", ""), (
            name
        )


def test_whoever_signs_in_gets_a_session_that_nobody_knew_before_and_goes_where_this_site_is():
    browser, user = Client(), make_observer()
    session = browser.session
    session["laid"] = "by a stranger"
    session.save()
    before = session.session_key
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        there = browser.post("/desk/login/", {"username": user.username, "password": PASSWORD, "next": elsewhere})
        assert there["Location"] == "/desk/"
    after = browser.cookies[used.SESSION_COOKIE_NAME].value
    assert after != before and len(after) >= 32 and not Session.objects.filter(pk=before).exists()
    post(browser, "/desk/logout/")
    assert not Session.objects.filter(pk=after).exists()


def test_trace_and_invented_methods_are_no_way_to_read_a_page():
    planner = signed_in(make_planner(make_unit()))
    for browser, address in [
        (Client(), "/"),
        (Client(), "/desk/login/"),
        (planner, "/desk/"),
        (planner, "/desk/objects/"),
    ]:
        for method in ("TRACE", "CONNECT", "TRACK", "GETX"):
            answer = browser.generic(method, address, HTTP_X_TOLD="said-by-nobody-else")
            assert answer.status_code == 405 and "said-by-nobody-else" not in answer.content.decode(), (method, address)


def test_every_frame_of_the_staff_side_shows_the_way_out():
    registrar = signed_in(make_registrar(make_unit()))
    for address in ("/desk/", "/desk/objects/", "/desk/nothing-there/", "/desk/log/", "/field/", "/admin/"):
        assert 'action="/desk/logout/"' in registrar.get(address).content.decode(), address
