"""A rule of the database, broken, is said in its own words like every other refusal (ui.md 7.3).

Forms and rules ask first; this is the net below them. The words stand with the constraint (`violation_error_message`).
"""

from functools import cache

from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint, UniqueConstraint
from django.db.models.constraints import BaseConstraint

from benxi_shuangsuiji.refusal import Refused

# The registry's, whose forms ask for each of these first and have better words for the row in hand.
REGISTRY = {
    "one_inspector_per_certificate": "该执法证号已属于另一名检查人员。",
    "certificate_number_has_6_to_24_characters": "执法证号是 6 到 24 位大写字母、数字或短横。",
    "certificate_has_a_validity": "有执法证号就要有有效期，截止日不早于起始日。",
    "inspector_code_fits_ssj1": "人员编号不超过 16 位，不含空格、逗号和竖线。",
    "one_facility_per_permit": "该排污许可证编号已在名录中。",
    "uscc_has_18_allowed_characters": "统一社会信用代码是 18 位数字和大写字母。",
    "permit_number_has_22_characters": "排污许可证编号是 22 位。",
    "facility_code_fits_ssj1": "对象编号不超过 32 位，不含空格、逗号和竖线。",
    "ground_is_not_approved_by_who_entered_it": "录入依据的人不能自己批准，由另一人批准。",
    "one_open_ground_of_a_kind": "这家已有一条同样的有效依据，先终止它。",
    "one_open_positive_list_entry": "这家已在正面清单里。",
    "stated_certificate_number_has_6_to_24_characters": "执法证号是 6 到 24 位大写字母、数字或短横。",
    "stated_certificate_has_a_validity": "执法证的截止日早于起始日。核对两个日期。",
    "withheld_certificate_has_a_day": "写明暂扣或者收回的日期。",
    "absence_does_not_end_before_it_starts": "离岗的截止日早于起始日。核对两个日期。",
    "nobody_signs_his_own_staff_check": "核对人员的人不能自己签字，由分管负责人签字。",
    "only_credit_can_be_serious": "只有信用评价的等级可以标为严重失信。",
    "term_does_not_end_before_it_starts": "停用日期早于启用日期。核对两个日期。",
    "risk_is_of_a_month_and_the_others_of_a_year": "信用风险分类按月登记，其他评价按年登记。",
}
MEANWHILE = "刚才另有一次同样的操作先写入，这一次没有执行。重新打开页面看最新的情况。"
TWICE = "23505"  # PostgreSQL's unique_violation


class RefusedByDatabase(Refused, IntegrityError):
    """Both: what catches an IntegrityError (`get_or_create`) still does, and what shows refusals shows this one."""


def in_words(execute, sql, params, many, context):
    """Execute wrapper: a broken constraint that has words becomes a refusal; any other error stays what it is."""
    try:
        return execute(sql, params, many, context)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        sentence = sentences().get(diagnosis.constraint_name if diagnosis else None, "")
        if not sentence and diagnosis and diagnosis.sqlstate == TWICE:
            sentence = MEANWHILE
        if not sentence:
            raise
        raise RefusedByDatabase(sentence) from error


@cache
def sentences() -> dict[str, str]:
    """Constraint → its sentence, for those that have one of their own."""
    return REGISTRY | {
        constraint.name: str(constraint.violation_error_message)
        for constraint in named_constraints()
        if constraint.violation_error_message != BaseConstraint.default_violation_error_message
    }


def named_constraints() -> list[CheckConstraint | UniqueConstraint]:
    return [constraint for model in apps.get_models() for constraint in model._meta.constraints]
