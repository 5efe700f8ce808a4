"""What the library of legal bases begins with: the opening words of 《实施方案》 (0-b) and what the starting list cites.

Numbers and days stand only where the document itself was read; the others are left empty, and the office fills them in
before it relies on them. Laws are cited by their title alone.
"""

from dataclasses import dataclass
from datetime import date

from plans.models import BasisKind


@dataclass(frozen=True)
class Basis:
    title: str
    kind: BasisKind
    issuer: str = ""
    document_no: str = ""
    valid_from: date | None = None
    is_ground: bool = False


CONGRESS, COUNCIL = "全国人民代表大会常务委员会", "国务院"
LAW, REGULATION, NORMATIVE = BasisKind.LAW, BasisKind.REGULATION, BasisKind.NORMATIVE

GROUNDS: tuple[Basis, ...] = (
    Basis(
        "关于优化生态环境保护执法方式提高执法效能的指导意见",
        NORMATIVE,
        "生态环境部",
        "环执法〔2021〕1号",
        date(2021, 1, 14),
        is_ground=True,
    ),
    Basis(
        "关于进一步加强生态环境“双随机、一公开”监管工作的指导意见",
        NORMATIVE,
        "生态环境部办公厅",
        "环办执法〔2021〕18号",
        date(2021, 6, 28),
        is_ground=True,
    ),
    Basis("辽宁省优化生态环境保护执法方式提高执法效能实施方案", NORMATIVE, is_ground=True),
    Basis("辽宁省生态环境“双随机、一公开”监管工作实施方案（试行）", NORMATIVE, is_ground=True),
)
LAWS: tuple[Basis, ...] = (
    Basis("中华人民共和国环境保护法", LAW, CONGRESS),
    Basis("中华人民共和国水污染防治法", LAW, CONGRESS),
    Basis("中华人民共和国大气污染防治法", LAW, CONGRESS),
    Basis("中华人民共和国噪声污染防治法", LAW, CONGRESS),
    Basis("中华人民共和国固体废物污染环境防治法", LAW, CONGRESS),
    Basis("中华人民共和国放射性污染防治法", LAW, CONGRESS),
    Basis("中华人民共和国环境影响评价法", LAW, CONGRESS),
    Basis("排污许可管理条例", REGULATION, COUNCIL),
    Basis("碳排放权交易管理暂行条例", REGULATION, COUNCIL),
    Basis("放射性同位素与射线装置安全和防护条例", REGULATION, COUNCIL),
    Basis("建设项目环境保护管理条例", REGULATION, COUNCIL),
    Basis("突发环境事件应急管理办法", BasisKind.RULE),
)
BASES: tuple[Basis, ...] = GROUNDS + LAWS
