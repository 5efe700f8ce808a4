"""The numbers of 《实施方案》 and which version is in force on a day."""

import re
from dataclasses import replace
from datetime import date

import pytest

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.policy.in_force import on
from benxi_shuangsuiji.policy.versions import TRIAL_2025, VERSIONS


@pytest.mark.clause("0-a")
def test_the_trial_version_is_in_force_from_2025_and_names_itself_a_trial():
    assert policy.on(date(2025, 1, 1)) is TRIAL_2025
    assert policy.on(date(2026, 8, 19)) is TRIAL_2025
    assert TRIAL_2025.title + TRIAL_2025.label == "本溪市生态环境执法“双随机、一公开”工作实施方案（试行）"


def test_before_2025_no_version_is_in_force():
    with pytest.raises(LookupError) as refusal:
        policy.on(date(2024, 12, 31))

    assert str(refusal.value) == ("《实施方案》（试行）自 2025 年 1 月 1 日起执行，2024 年 12 月 31 日没有生效的版本。")


@pytest.mark.clause("附-b")
def test_a_later_version_governs_from_its_day_and_leaves_earlier_days_alone():
    later = replace(TRIAL_2025, version="2028", effective_from=date(2028, 3, 1), publish_within_workdays=10)
    for versions in ((TRIAL_2025, later), (later, TRIAL_2025)):
        assert on(date(2028, 2, 29), versions).publish_within_workdays == 20
        assert on(date(2028, 3, 1), versions).publish_within_workdays == 10


def test_versions_have_names_of_their_own_and_stand_in_order():
    assert [v.effective_from for v in VERSIONS] == sorted({v.effective_from for v in VERSIONS})
    assert len({v.version for v in VERSIONS}) == len(VERSIONS)


def test_the_numbers_are_those_of_the_plan():
    """Each as the plan's sentence has it, read from the sentence."""
    sentences = {
        "每季度至少对辖区内25%的重点监管对象进行抽查": (TRIAL_2025.key_basis_points // 100,),
        "抽查次数不超过2次": (TRIAL_2025.cap_per_item,),
        "检查小组不少于2人": (TRIAL_2025.min_team_size,),
        "随机抽查事项清单应于每年1月5日前制定完成": TRIAL_2025.item_list_due,
        "于每季度首月5日前制定完成": (TRIAL_2025.plan_due_day,),
        "应在每季度首月10日前完成抽取工作": (TRIAL_2025.draw_due_day,),
        "于每季度最后一个月25日前完成本季度检查工作计划": (TRIAL_2025.close_day,),
        "在检查结束之日起20个工作日内": (TRIAL_2025.publish_within_workdays,),
        "年度抽查结果100％公开": (TRIAL_2025.published_basis_points // 100,),
        "2025年起": (TRIAL_2025.coverage_from_year,),
    }
    for sentence, numbers in sentences.items():
        assert tuple(int(digits) for digits in re.findall(r"\d+", sentence)) == numbers, sentence
    assert TRIAL_2025.year_report_due == (12, 31)  # 每年年底前
    assert TRIAL_2025.general_coverage_years == 3  # 三年内
    assert TRIAL_2025.key_coverage_years == 1  # 每年
    assert TRIAL_2025.special_minimum == 0  # 不设置抽查最低次数限制


@pytest.mark.parametrize(
    ("year", "cycle"),
    [(2025, (2025, 2027)), (2027, (2025, 2027)), (2028, (2028, 2030)), (2030, (2028, 2030))],
)
def test_the_general_cycle_runs_in_blocks_of_three_years_from_2025(year, cycle):
    assert TRIAL_2025.coverage_cycle(year) == cycle


def test_there_is_no_general_cycle_before_2025():
    with pytest.raises(LookupError, match="2024 年不在任何周期内"):
        TRIAL_2025.coverage_cycle(2024)
