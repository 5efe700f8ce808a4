"""Wrong passwords: a stranger is slowed and keeps nobody out (S10, GB/T 22239 8.1.4.1 b)."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from benxi_shuangsuiji.accounts import lockouts
from benxi_shuangsuiji.accounts.models import KnownDevice
from tests.factories import PASSWORD, make_observer, make_user

pytestmark = pytest.mark.django_db
HOME = "198.51.100.1"


def send(browser, username, password="falsch", address=HOME):
    data = {"username": username, "password": password}
    return browser.post("/desk/login/", data, REMOTE_ADDR=address).status_code


def opens(browser, username, address=HOME):
    return send(browser, username, PASSWORD, address) == 302


def known(username):
    browser = Client()
    assert opens(browser, username)
    del browser.cookies["sessionid"]  # as if signed out: the device's own cookie stays
    return browser


def wrong(username, times, *, addresses=None, browser=None):
    for n in range(times):
        send(browser or Client(), username, address=(addresses or [HOME])[n % len(addresses or [HOME])])


@pytest.mark.story("S10")
@pytest.mark.promise("P23")
def test_a_stranger_does_not_lock_a_known_device_out_not_even_from_its_own_address():
    make_observer(username="qiao")
    desk = known("qiao")
    wrong("qiao", 5)
    assert send(Client(), "qiao", PASSWORD) == 429  # where the stranger sits
    assert opens(desk, "qiao")


def test_a_known_device_is_paused_by_its_own_mistakes_alone():
    make_observer(username="qiao")
    desk, phone = known("qiao"), known("qiao")
    wrong("qiao", 5, browser=desk)
    assert send(desk, "qiao", PASSWORD) == 429 and opens(phone, "qiao") and opens(Client(), "qiao")


def test_an_ended_or_invented_device_is_a_strangers():
    make_observer(username="qiao")
    desk, liar = known("qiao"), Client(HTTP_USER_AGENT="device " + "0" * 64)
    liar.cookies["device"] = "invented"
    wrong("qiao", 5)
    assert send(liar, "qiao", PASSWORD) == 429
    KnownDevice.objects.update(ended_at=timezone.now())
    assert send(desk, "qiao", PASSWORD) == 429


@pytest.mark.promise("P23")
def test_many_addresses_give_no_more_guesses():
    make_observer(username="qiao")
    desk = known("qiao")
    wrong("qiao", lockouts.FROM_EVERYWHERE, addresses=[f"203.0.113.{n}" for n in range(20)])
    assert send(Client(), "qiao", PASSWORD, "192.0.2.9") == 429  # from wherever
    assert opens(desk, "qiao") and lockouts.is_paused("qiao")


@pytest.mark.promise("P23")
def test_one_password_for_many_accounts_pauses_the_address():
    for n in range(lockouts.ACCOUNTS_OF_ADDRESS + 1):
        make_user(username=f"user-{n}")
    desk = known("user-0")
    for n in range(lockouts.ACCOUNTS_OF_ADDRESS):
        wrong(f"user-{n}", 1)
    last = f"user-{lockouts.ACCOUNTS_OF_ADDRESS}"
    assert send(Client(), last, PASSWORD) == 429
    assert opens(Client(), last, "192.0.2.9") and opens(desk, "user-0")


def test_accounts_that_do_not_exist_count_for_the_address_too():
    make_observer(username="qiao")
    for n in range(lockouts.ACCOUNTS_OF_ADDRESS):
        wrong(f"nobody-{n}", 1)
    assert send(Client(), "qiao", PASSWORD) == 429


def test_the_pause_ends_after_a_quarter_of_an_hour_however_long_somebody_guesses_on():
    make_observer(username="qiao")
    wrong("qiao", 8)
    assert AccessAttempt.objects.get().failures_since_start == 5
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert opens(Client(), "qiao")


def test_a_right_password_forgets_the_wrong_ones_of_its_own_place_only():
    make_observer(username="qiao")
    wrong("qiao", 4)
    wrong("qiao", 4, addresses=["203.0.113.7"])
    assert opens(Client(), "qiao")
    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == ["203.0.113.7"]


def test_a_name_longer_than_any_account_is_answered_like_a_wrong_one():
    """More letters than a try can be written down with were an error of the server (issue 15)."""
    for length in (150, 151, 256, 5000):
        assert send(Client(), "a" * length) == 200
