"""What cannot be undone or lets others act asks for the password again (S10; ≤ 5 minutes)."""

import inspect
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import fresh
from benxi_shuangsuiji.accounts.models import Authenticator, RoleGrant
from benxi_shuangsuiji.accounts.roles import FRESH, Role
from benxi_shuangsuiji.forms.pages import Decide
from inspections.models import FrequencyCap
from plans.models import DrawStatus
from tests.accounts.test_access import patterns
from tests.accounts.test_administration import TODAY, make_grants
from tests.browsing import html_of, post, signed_in, text_of
from tests.factories import PASSWORD, make_approver, make_planner, make_unit
from tests.plans.draw.factories import make_prepared_draw, make_sealed_draw

STAFF = {name: view for _, name, view in patterns() if getattr(view, "access", "public") != "public"}
GUARDED = {name for name, view in STAFF.items() if view.access and FRESH.issuperset(view.access)}

# Pages that other permissions open too. How an act of theirs that a permission of FRESH allows is asked for:
DECISION, BETWEEN = "decision_page", "fresh.between"
READS = ""  # nothing of the kind is done there
MIXED = {
    "accounts:contact-edit": READS,  # a telephone number
    "accounts:contact-list": READS,
    "disclosure:revision": DECISION,
    "disclosure:revision-file": READS,
    "disclosure:revision-paper": READS,
    "disclosure:selfcheck-summary": DECISION,
    "documents:file-rounds": READS,
    "inspections:approval-late": READS,
    "inspections:approval-list": BETWEEN,
    "inspections:bulletin-detail": DECISION,
    "inspections:bulletin-paper": READS,
    "inspections:correction-scan": READS,
    "inspections:draw-correct": DECISION,
    "inspections:names-keep": READS,  # marks a name in a finding; it is published elsewhere
    "inspections:paper": READS,
    "inspections:rectification": DECISION,
    "inspections:rectification-act-file": READS,
    "inspections:rectification-again": READS,  # asks for another order
    "inspections:rectification-file": READS,
    "inspections:rectification-order": READS,
    "inspections:rectification-paper": READS,
    "inspections:rectification-small": READS,
    "inspections:rectifications": READS,
    "inspections:targeted-campaigns": READS,  # proposes one
    "inspections:targeted-detail": DECISION,
    "inspections:targeted-export": READS,
    "inspections:targeted-kinds": READS,
    "inspections:targeted-list": READS,
    "inspections:task-approval": DECISION,
    "inspections:year-closing": DECISION,
    "notices:deliveries": READS,
    "notices:first-use": DECISION,
    "plans:carry": DECISION,
    "plans:draw-abort": DECISION,
    "plans:draw-prepare": READS,
    "plans:plan-rehearse": READS,
    "registry:past-detail": DECISION,
    "registry:past-list": READS,
    "registry:proposal-batch": DECISION,
    "registry:proposal-list": BETWEEN,
    "registry:recusal-list": READS,
}


@pytest.fixture(autouse=True)
def _five_minutes(settings):
    settings.FRESH_SIGN_IN_MINUTES = 5


def stale(browser):
    session = browser.session
    session[fresh.SESSION_KEY] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    return browser


class Somebody:
    """Holds every permission; is asked nothing else."""

    pk, full_name, is_authenticated = 1, "测试员", True

    def units_with(self, permission):
        return {1}


@pytest.mark.story("S10")
def test_every_view_of_such_a_permission_asks_before_it_does_anything(rf):
    """Generated from the addresses, so that a new one cannot forget it."""
    wrong = []
    for name in sorted(GUARDED):
        view = STAFF[name]
        if view.asks_itself:
            if "fresh=True" not in inspect.getsource(inspect.unwrap(view)):
                wrong.append(name)
            continue
        request = rf.post("/desk/", {"word": "好"})
        request.user, request.session = Somebody(), {}
        answer = view(
            request, **dict.fromkeys(re.findall(r"\w+", "".join(inspect.signature(view).parameters)[7:]), "x")
        )
        if getattr(answer, "template_name", "") != "accounts/again.html":
            wrong.append(name)
    assert wrong == [] and len(GUARDED) > 30
    wanted = "plans:draw-seal plans:draw-hold plans:plan-review disclosure:publish-confirm accounts:account-grant"
    assert set(wanted.split()) <= GUARDED


def test_no_page_between_takes_a_file_from_whoever_chose_it():
    """A page with a file asks on the form itself, before anything is chosen and sent (ui.md 6.3)."""
    between = {n for n in GUARDED if not STAFF[n].asks_itself} | {n for n, how in MIXED.items() if how == BETWEEN}
    assert [n for n in sorted(between) if "FILES" in inspect.getsource(inspect.unwrap(STAFF[n]))] == []
    assert "FILES" in inspect.getsource(inspect.unwrap(STAFF["plans:draw-file"]))  # this one once lost its scan


def test_every_other_page_that_such_a_permission_opens_asks_where_it_decides():
    found = {name for name, view in STAFF.items() if view.access and FRESH & set(view.access)} - GUARDED
    assert found == set(MIXED)
    assert [n for n, how in MIXED.items() if how not in inspect.getsource(inspect.unwrap(STAFF[n]))] == []
    assert Decide.__dataclass_fields__["fresh"].default is True


@pytest.mark.django_db
def test_sealing_asks_and_keeps_what_was_typed():
    draw = make_prepared_draw(make_unit())
    leader = stale(signed_in(make_approver(draw.unit)))
    url = f"/desk/draws/{draw.draw_id}/seal/"
    asked = post(leader, url, word="封存")
    page = html_of(asked)
    assert asked.status_code == 200 and "再输一次登录密码" in page and 'name="word" value="封存"' in page
    wrong = post(leader, url, word="封存", own_password="falsch-falsch-1")
    assert wrong.status_code == 409 and "密码不对，没有办理" in text_of(wrong)
    assert 'value="封存"' in html_of(wrong) and "falsch" not in html_of(wrong)
    draw.refresh_from_db()
    assert draw.status == DrawStatus.PREPARED
    assert post(leader, url, word="封存", own_password=PASSWORD).status_code == 302
    draw.refresh_from_db()
    assert draw.status == DrawStatus.FROZEN


@pytest.mark.django_db
def test_granting_asks_and_for_five_minutes_not_again():
    account, by = make_planner(make_unit()), make_grants()
    browser = stale(signed_in(by))
    url = f"/desk/accounts/{account.pk}/grants/new/"
    typed = {"role": Role.ARCHIVIST, "unit": make_unit().pk, "document": "本环办〔2026〕3 号", "valid_from": TODAY}
    between = text_of(post(browser, url, typed))
    # Whoever types his password reads for what: which role, and where.
    assert all(words in between for words in ("再输一次登录密码", "档案员", make_unit().short_name, "〔2026〕3 号"))
    assert RoleGrant.objects.filter(user=account).count() == 1
    assert post(browser, url, typed, own_password=PASSWORD).status_code == 302
    (grant,) = RoleGrant.objects.filter(user=account, role=Role.ARCHIVIST)
    assert post(browser, f"/desk/accounts/{account.pk}/grants/{grant.pk}/end/", reason="授权写错").status_code == 302


@pytest.mark.django_db
def test_a_decision_asks_who_approves_in_a_list_and_on_a_page():
    from inspections.frequency import actions

    unit = make_unit()
    cap = actions.propose_cap(
        unit=unit, year=2026, category="key", max_visits=9, document="本环发〔2026〕3号", by=make_planner(unit)
    )
    leader = stale(signed_in(make_approver(unit)))
    url = f"/desk/frequency/caps/{cap.pk}/decide/"
    assert "再输一次登录密码" in text_of(post(leader, url, decision="approve", opinion=""))
    assert FrequencyCap.objects.get().state == "ASKED"


@pytest.mark.django_db
def test_approving_on_a_page_asks_in_its_form_and_returning_does_not():
    from plans.aborts import actions
    from tests.foundation.test_decision import WHY

    draw = make_sealed_draw(make_unit())
    asked = actions.ask_to_abort(draw=draw, by=make_planner(draw.unit), **WHY)
    leader = stale(signed_in(make_approver(draw.unit)))
    url = f"/desk/draws/{draw.draw_id}/abort/"
    typed = {"request": asked.pk, "document_no": "本环〔2026〕9号", "word": "作废", "opinion": "等开奖机构恢复销售"}
    assert 'name="own_password"' in html_of(leader.get(url))
    without = post(leader, url, typed, decision="approve")
    assert (
        without.status_code == 200 and "再输一次登录密码" in text_of(without) and "本环〔2026〕9号" in html_of(without)
    )
    asked.refresh_from_db()
    assert asked.waits
    assert post(leader, url, typed, decision="reject").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/desk/second-factor/setup/", "/desk/second-factor/codes/"])
def test_what_signs_in_is_changed_only_by_who_has_just_typed_the_password(address):
    """Another phone, other recovery codes (ASVS 7.5.1)."""
    person = make_planner(make_unit())
    if address.endswith("codes/"):  # there are none before there is an authenticator
        Authenticator.objects.create(user=person, secret=b"sealed", confirmed_at=clock.now())
    browser = signed_in(person)
    session = browser.session
    session[fresh.SESSION_KEY] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    answer = post(browser, address, code="123456")
    assert f'name="{fresh.FIELD}"' in html_of(answer) and "再输一次登录密码" in text_of(answer)
