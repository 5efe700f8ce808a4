"""Acts that happen once, in the one world of all addresses, each with who presses which button where.

Whatever one asks and another decides is a line here as soon as that world holds such a request (`forms.decision.Decision`). What it
does not hold is brought to it by the modules beside this one, each for its subject.
"""

from benxi_shuangsuiji.accounts.roles import Role
from inspections.models import Inspection
from tests.access.world import World
from tests.failing import (
    of_accounts,
    of_checks,
    of_exchange,
    of_followups,
    of_plans,
    of_publications,
    of_registry,
    of_the_beginning,
)
from tests.failing.once import WORDS, Once
from tests.plans.draw.factories import VALUES


def _leader(world: World):
    return Inspection.objects.get(no=world.values["no"]).members.get(is_leader=True).inspector.user


A = Role.APPROVER
STANDING = (
    Once(
        "approve a batch of proposals",
        "registry.proposals.views.proposal_batch",
        A,
        ("registry:proposal-batch", "registry:proposal-batch:pk"),
        "批准这一批",
    ),
    Once(
        "approve proposals",
        "registry.proposals.views.proposal_list",
        A,
        ("registry:proposal-list",),
        "批准选中的",
        {"chosen": "1"},
    ),
    Once(
        "approve checks from before",
        "registry.past_checks.views.past_detail",
        A,
        ("registry:past-detail", "registry:past-detail:pk"),
        "批准",
    ),
    Once(
        "approve a declaration",
        "registry.interests.views.declaration_approve",
        A,
        ("registry:inspector-detail", "registry:inspector-*:code"),
        "批准申报",
    ),
    Once(
        "approve a conflict",
        "registry.interests.views.conflict_approve",
        A,
        ("registry:inspector-detail", "registry:inspector-*:code"),
        "批准回避",
    ),
    Once("approve a ratio", "plans.local.views.local_detail", A, ("plans:local-detail", "unit", "ratio", "1"), "批准"),
    Once("approve a scheme", "", A, ("plans:local-detail", "unit", "scheme", "plans:local-file:version"), "批准"),
    Once(
        "approve a campaign",
        "inspections.campaigns.views.campaign_decide",
        A,
        ("inspections:targeted-campaigns",),
        "批准汛期尾矿库专项检查（1）",
    ),
    Once("approve a cap", "inspections.frequency.views.cap_decide", A, ("inspections:frequency-list",), "批准上限"),
    Once(
        "approve a new name",
        "benxi_shuangsuiji.accounts.unit_views.unit_change",
        Role.ADMIN_GRANTS,
        ("accounts:unit-change", "accounts:unit-*:pk"),
        "批准",
    ),
    Once(
        "agree to a parameter",
        "benxi_shuangsuiji.notices.numbers.views.policy_decide",
        Role.LEAD_OFFICE,
        ("notices:policy-decide", "notices:policy-decide:pk"),
        "同意",
        {"opinion": WORDS},
    ),
    Once(
        "receive a report",
        "inspections.reports.views.report_receive",
        Role.LEAD_OFFICE,
        ("inspections:report-detail", "report_no"),
        "签收",
    ),
    Once(
        "answer an instruction",
        "inspections.coordination.views.coordination_detail",
        Role.PLANNER,
        ("inspections:coordination-detail", "instruction_no"),
        "回复",
        {"words": WORDS},
    ),
    Once(
        "ask for an enterprise's words to be public",
        "disclosure.statements.views.statement",
        Role.DISCLOSURE_OFFICER,
        ("disclosure:statement-desk", "disclosure:statement-*:no"),
        "提出公开",
        {"looked": "on"},
    ),
    Once(
        "answer an enterprise",
        "inspections.enterprise.statement_views.statement",
        _leader,
        ("inspections:statement", "no", "inspections:statement*:pk"),
        "答复",
        {"answer": WORDS},
    ),
    Once(
        "answer who doubts a visitor",
        "inspections.codes.feedback_views.impostor_report",
        A,
        ("inspections:impostor-report", "inspections:impostor-report:pk"),
        "答复",
        {"answer": WORDS},
    ),
    Once(
        "sign a comparison of staff",
        "registry.staff_checks.views.staff_check",
        A,
        ("registry:staff-check", "registry:staff-check:pk"),
        "签字",
        {"remark": WORDS},
    ),
    Once(
        "receive a filing",
        "disclosure.city.rollup_views.filing_receive",
        Role.LEAD_OFFICE,
        ("disclosure:rollup-draws",),
        "签收",
    ),
    Once(
        "correct a value",
        "inspections.corrections.views.draw_correct",
        A,
        ("inspections:draw-correct", "draw_id"),
        "批准更正",
        {"document_no": "本环更〔2026〕2 号", "word": "更正", "value_1": VALUES["LOTTERY"].replace("80", "79")},
    ),
)
# Those that move the clock come last.
IN_ONE_WORLD = (
    *STANDING,
    *of_publications.ACTS,
    *of_checks.ACTS,
    *of_exchange.ACTS,
    *of_followups.ACTS,
    *of_registry.ACTS,
    *of_accounts.ACTS,
    *of_plans.ACTS,
)
BEFORE_THE_FIRST_DRAW = tuple(of_the_beginning.ACTS)
