"""An entry's time rests on two clocks that agree, and on a log that does not run ahead (PUB1 §2)."""

from datetime import UTC, datetime, timedelta

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import Publication, RegisterEntry
from disclosure.register import clocks
from tests.disclosure.factories import make_published_result
from tests.factories import make_unit


@pytest.mark.django_db
@pytest.mark.clause("八(二)-d")
@pytest.mark.parametrize("minutes, refused", [(3, True), (-3, True), (1, False), (-1, False)])
def test_nothing_is_entered_while_database_and_web_clock_are_apart(monkeypatch, minutes, refused):
    apart = timedelta(minutes=minutes)
    monkeypatch.setattr(clocks, "machine_now", lambda: datetime.now(UTC) + apart)
    if not refused:
        assert make_published_result()
        return
    with pytest.raises(Refused, match=r"时钟相差 (2|3) 分钟"):
        make_published_result()
    assert not Publication.everything.exists()


@pytest.mark.clause("八(二)-d")
def test_a_log_that_could_only_repeat_its_last_time_for_an_hour_raises_the_alarm(at):
    assert clocks.watch() == ""
    at("2026-07-08 10:00")
    make_published_result()
    assert clocks.watch() == ""
    at("2026-07-08 09:01")  # somebody set the clock back
    make_published_result(make_unit("210503"))
    assert len(set(RegisterEntry.objects.values_list("at", flat=True))) == 1 and clocks.watch() == ""
    at("2026-07-08 08:59")
    assert "晚 61 分钟" in clocks.watch() and clocks.watch()
    assert AuditEntry.objects.filter(verb="disclosure.register.astray").count() == 1
