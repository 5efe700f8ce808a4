"""The clauses that no date, number or paper tells of: held by the program, with the tests that prove it, or by people.

Which test proves which clause, and which rule, is read from the marks and tales of the tests and kept in `proofs.json`, which
`.venv/bin/python -m tests.proofs` writes; whom the others lean on is said here.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.policy.clauses import CLAUSES, Clause

from .catalogue import RULES

PROOFS = Path(__file__).with_name("proofs.json")
# The system keeps the record and reminds; whether it is so, people answer for. Clause → (by whom, what shows it).
BY_PEOPLE: dict[str, tuple[str, str]] = {
    "一-b": (Role.APPROVER.label, "检查方式的选择，正面清单企业的非现场检查"),
    "二-c": (Role.LEAD_OFFICE.label, "三年总结评估"),
    "四(2)-b": (Role.APPROVER.label, "责任表，每一步由谁办"),
    "五-1a": (Role.BUREAU_READER.label, "督办、指导和协调台账"),
    "五-2d": (Role.LEAD_OFFICE.label, "年度评估"),
    "五-4a": (Role.APPROVER.label, "本单位规定"),
    "五-4b": (Role.PLANNER.label, "本单位随机抽查方案"),
    "六(二)-b": (Role.REGISTRAR.label, "各领域覆盖情况"),
    "六(二)-c": (Role.APPROVER.label, "名录管理员的任命文件"),
    "六(三)-b": (Role.REGISTRAR.label, "与人事名单的核对"),
    "六(三)-c": (Role.REGISTRAR.label, "与人事名单的核对"),
    "七(一)2-a": (Role.APPROVER.label, "一般监管对象抽查比例和五项因素"),
    "七(三)-d": (Role.LEAD_OFFICE.label, "在线监控和守法状况的登记"),
    "七(五)-k": (Role.INSPECTOR.label, "现场检查笔录，不配合的记录"),
    "七(五)-o": (Role.INSPECTOR.label, "每次检查以前的纪律声明"),
    "七(五)-p": (Role.INSPECTOR.label, "现场安全说明"),
    "七(五)-q": (Role.INSPECTOR.label, "到达和离开的时间，企业评价"),
    "七(七)-r": (Role.ARCHIVIST.label, "电子案卷和纸质案卷的核对"),
    "八(一)-b": (Role.APPROVER.label, "责任表"),
    "八(二)-g": (Role.LEAD_OFFICE.label, "信用评价依据的移交记录"),
    "附-a": (Role.BUREAU_READER.label, "解释和答复"),
    "附-c": (Role.LEAD_OFFICE.label, "旧文件的清理"),
}


@dataclass(frozen=True)
class Guarantee:
    """`tests`: what fails when the program no longer holds it; `who` and `shows`: of those that people hold."""

    clause: Clause
    tests: tuple[str, ...] = ()
    who: str = ""
    shows: str = ""


@cache
def proofs() -> dict[str, dict[str, list[str]]]:
    """`clauses`: those that wear the clause; `rules`: the rule's own tale, then those of its clause that speak of its deadline,
    indicator or paper."""
    return json.loads(PROOFS.read_text(encoding="utf-8"))


def tests_of(clause: str) -> tuple[str, ...]:
    return tuple(proofs()["clauses"].get(clause, ()))


def tests_of_rule(rule: str) -> tuple[str, ...]:
    return tuple(proofs()["rules"].get(rule, ()))


def looked_at() -> frozenset[str]:
    """The clauses of which data tell."""
    return frozenset(rule.clause for rule in RULES)


def by_the_program() -> list[Guarantee]:
    others = looked_at() | set(BY_PEOPLE)
    return [Guarantee(c, tests_of(c.id)) for c in CLAUSES if c.id not in others and tests_of(c.id)]


def by_people() -> list[Guarantee]:
    return [
        Guarantee(c, tests_of(c.id), *BY_PEOPLE[c.id]) for c in CLAUSES if c.id in BY_PEOPLE and c.id not in looked_at()
    ]


def by_nobody() -> list[Guarantee]:
    """What is not carried out yet: neither data, nor a test, nor anybody who answers for it."""
    held = looked_at() | set(BY_PEOPLE)
    return [Guarantee(c) for c in CLAUSES if c.id not in held and not tests_of(c.id)]
