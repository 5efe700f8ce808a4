"""A quarter's 合规体检摘要, put forward and let through by the acts."""

from datetime import datetime

from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication
from disclosure.selfcheck import actions
from inspections.models import SelfCheckSummary
from tests.database import CHINA
from tests.factories import make_lead_office, make_supervisor
from tests.plans.draw.factories import move_clock

Q3 = Quarter(2026, 3)


def put_forward(quarter: Quarter = Q3, *, on: datetime = datetime(2026, 10, 12, 9, tzinfo=CHINA)) -> SelfCheckSummary:
    """Moves the clock past the quarter."""
    move_clock(on)
    return actions.ask(quarter=quarter, by=make_lead_office())


def make_public_summary(quarter: Quarter = Q3) -> Publication:
    return actions.approve(summary=put_forward(quarter), by=make_supervisor())


def one_less(publication: Publication) -> dict[str, str]:
    """One unit that was said to keep a rule and does not."""
    n, rule = next((n, rule) for n, rule in enumerate(publication.snapshot["rules"]) if rule["kept"])
    return {f"rules.{n}.kept": str(rule["kept"] - 1), f"rules.{n}.broken": str(rule["broken"] + 1)}
