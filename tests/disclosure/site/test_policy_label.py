"""试行 stands on every public page, and each record keeps the version it was made under (0-a)."""

from dataclasses import replace
from datetime import date

import pytest

from benxi_shuangsuiji.policy import in_force
from benxi_shuangsuiji.policy import versions as policy_versions
from tests.accounts.test_access import patterns
from tests.browsing import html_of, untimed
from tests.factories import make_unit
from tests.inspections.factories import make_dispatched
from tests.notices.policy_factories import DOCUMENT, make_approved_change

pytestmark = pytest.mark.django_db

WORDS = "《本溪市生态环境执法“双随机、一公开”工作实施方案（试行）》，自 2025 年 1 月 1 日起执行"
# Open without a login and no page of the public site: what probes and programs read, and the way in.
# Nothing is told there of how the city inspects: the sign-in, what a phone shows without one, the pages of one visit.
NO_PAGES = {"healthz", "accounts:login", "continue", "inspections:field-signed-out", "inspections:field-unkept"}
NO_PAGES |= {"inspections:code-entry", "inspections:impostor-new"}


@pytest.mark.clause("0-a")
def test_every_public_page_names_the_policy_and_that_it_is_on_trial(client):
    seen, bare = [], []
    for address, name, view in patterns():
        if getattr(view, "access", None) != "public" or "<" in address or name in NO_PAGES:
            continue
        answer = client.get(f"/{address}")
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        seen.append(name)
        if WORDS not in untimed(html_of(answer)):
            bare.append(name)
    assert bare == []
    assert {"disclosure:home", "disclosure:results", "disclosure:plans"} <= set(seen)


@pytest.mark.clause("附-a", "附-b")
def test_the_contact_page_says_who_interprets_the_policy_since_when_and_what_was_changed(client, at, by_data):
    at("2026-08-19 10:00")
    page = untimed(html_of(client.get("/contact/")))
    assert "由市生态环境局负责解释，自 2025 年 1 月 1 日起执行" in page
    assert "没有按其他规定调整过的数字" in page

    make_approved_change("publish_within_workdays", 10, date(2026, 9, 1))
    make_approved_change("recommended.filing_within_workdays", 5, date(2026, 10, 1))  # ours, no rule of the plan
    at("2026-10-08 10:00")

    page = untimed(html_of(client.get("/contact/")))
    changed = "检查结果公开，检查结束后：20 个工作日 改为 10 个工作日，2026 年 9 月 1 日起，依据" + DOCUMENT
    assert changed in page and "抽取结果备案" not in page
    assert "自 2025 年 1 月 1 日起执行" in page  # the plan, whatever number was changed since
    assert "在检查结束之日起 10 个工作日内公开" in client.get("/guide/").content.decode()


@pytest.mark.clause("0-a", "附-b")
def test_plan_draw_and_check_keep_the_version_they_were_made_under(monkeypatch, at):
    (old, *_) = make_dispatched(make_unit())
    later = replace(policy_versions.TRIAL_2025, version="2026", effective_from=date(2026, 7, 1))
    monkeypatch.setattr(in_force.on, "__defaults__", ((policy_versions.TRIAL_2025, later),))

    (new, *_) = make_dispatched(make_unit("210503"))

    for inspection, version in ((old, "2025"), (new, "2026")):
        inspection.refresh_from_db()
        assert {inspection.policy_version, inspection.draw.policy_version, inspection.draw.plan.policy_version} == {
            version
        }
    old.save()  # whatever is written later
    assert type(old).objects.get(pk=old.pk).policy_version == "2025"
