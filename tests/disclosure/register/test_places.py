"""Where the newest root stands: on papers, in the observers' mail, on reports and 通报 (PUB1 §7)."""

import pytest
from django.test import override_settings

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import OutgoingMail
from disclosure.lists.papers import paper_of
from disclosure.register import log, signing, telling
from registry import questions
from tests.disclosure.factories import make_published_list, make_published_result
from tests.factories import make_city_team, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed(tmp_path):
    key = {"REGISTER_KEY": "11" * 32, "REGISTER_ORIGIN": "", "REGISTER_HEAD": str(tmp_path / "head")}
    with override_settings(**key):
        yield


@pytest.mark.clause("四(3)-a")
def test_a_paper_prints_the_first_head_that_reaches_its_publication_whenever_it_is_printed():
    item_list = make_published_list()
    assert "公示日志" not in paper_of(item_list, site="").note
    first = signing.sign_newest()
    paper = paper_of(item_list, site="")
    assert first.base64 in paper.note and first.key in paper.note and f"共 {first.size} 条" in paper.note
    make_published_result()
    assert signing.sign_newest().size > first.size and paper_of(item_list, site="") == paper


@pytest.mark.clause("四(3)-a")
def test_once_a_day_the_observers_get_the_newest_head_by_mail(at):
    city = make_city_team()
    user = make_user((Role.OBSERVER, city))
    user.email = "guancha@example.com"
    user.save()
    at("2026-07-07 08:00")
    assert telling.tell_observers() == 0  # nothing signed yet
    make_published_result(make_unit())
    head = signing.sign_newest()
    at("2026-07-07 08:01")
    assert telling.tell_observers() == 1 and telling.tell_observers() == 0
    sent = OutgoingMail.objects.get(key__startswith="register:")
    assert sent.user == user and head.note in sent.body and head.key in sent.body
    at("2026-07-08 07:59")
    assert telling.tell_observers() == 0
    at("2026-07-08 08:00")
    assert telling.tell_observers() == 1
    assert OutgoingMail.objects.filter(key__startswith="register:").count() == 2


@pytest.mark.clause("四(3)-a")
def test_a_report_of_a_moment_prints_the_head_of_that_moment(at):
    before = clock.now()
    assert questions.ask.register_head(before) == ""
    make_published_result()
    at("2026-07-20 10:00")
    head = signing.sign_newest()
    assert questions.ask.register_head(before) == ""
    at("2026-07-21 10:00")
    make_published_result(make_unit("210503"))
    words = questions.ask.register_head(clock.now())
    signing.sign_newest()
    assert words == log.words_of(head) and head.base64 in words
