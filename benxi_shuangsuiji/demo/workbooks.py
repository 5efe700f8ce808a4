"""The demo's two workbooks per unit, with the columns of the import template (domain.md 2.6)."""

from datetime import date, timedelta
from itertools import count
from random import Random

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, table
from registry import codes
from registry.models import AirGrade, BatchKind, Category, Ground, HazwasteKind, Scope
from registry.sheets import COLUMNS, DIVISIONS

from .names import TRADES, Names

# unit → (key, special, general, inspectors): a good third as many facilities as the city has, all of its 97 inspectors (domain.md 2.6)
SIZES = {
    "210500": (14, 2, 2, 22),
    "210502": (8, 2, 24, 11),
    "210503": (12, 3, 26, 12),
    "210504": (7, 2, 32, 12),
    "210505": (5, 1, 14, 7),
    "210521": (10, 2, 36, 13),
    "210522": (7, 2, 31, 12),
    "2105GX": (6, 1, 20, 8),
}
_bodies = count(1001)
_certificates = count(1)

KEY_GROUNDS = [
    (Ground.KF1, "2025 年环境监管重点单位名录（示例）"),
    (Ground.KF3, "“两高”项目清单第 12 号（示例）"),
    (Ground.KF4, "危险废物环境重点监管单位名单（示例）"),
    (Ground.KF7, "涉重金属重点行业企业清单（示例）"),
    (Ground.KF10, "环保设施重点企业登记（示例）"),
]
SPECIAL_GROUNDS = [
    (Ground.SF1, "2024 年省级挂牌督办第 3 号（示例）"),
    (Ground.SF2B, "示例〔2025〕31号、示例〔2025〕77号、示例〔2025〕102号"),
    (Ground.SF5, "突发环境事件风险评估：重大（示例）"),
]


def credit_code(division: str) -> str:
    """A credit code with right check characters and a body that is never issued (domain.md 4.1)."""
    body = f"DEM{next(_bodies):05d}"
    first17 = f"91{division}{body}{codes.organisation_check_character(body)}"
    return first17 + codes.check_character(first17)


def facility_workbook(unit: Unit, names: Names, random: Random) -> bytes:
    """The unit's 检查对象名录 as an office would hand it in."""
    key, special, general, _ = SIZES[unit.code]
    kinds = [Category.KEY] * key + [Category.SPECIAL] * special + [Category.GENERAL] * general
    random.shuffle(kinds)
    rows = [_facility(unit, kind, n, names, random) for n, kind in enumerate(kinds)]
    return _workbook(BatchKind.FACILITY, "检查对象", rows)


def _facility(unit: Unit, kind: str, n: int, names: Names, random: Random) -> dict:
    heavy = kind != Category.GENERAL
    trade = random.choice([t for t in TRADES if t.heavy == heavy] if random.random() < 0.85 else TRADES)
    division = unit.division_code if unit.code != "210500" else random.choice(["210502", "210503", "210504", "210521"])
    natural = not heavy and trade.ending == "生猪养殖场" and random.random() < 0.6
    uscc = "" if natural else credit_code(division)
    permit = heavy or random.random() < 0.5
    category = (
        ("重点管理" if random.random() < 0.6 else "简化管理")
        if heavy
        else random.choice(["简化管理", "登记管理", "登记管理"])
    )
    if kind != Category.KEY and category == "重点管理":
        category = "简化管理"  # 重点管理 alone would make it 重点
    idle = random.random() < 0.015
    row = {
        "name": names.person() + "养殖户" if natural else names.enterprise(trade),
        "uscc": uscc,
        "permit_no": f"{uscc}001{'P' if heavy else 'W'}" if permit and uscc else "",
        "permit_category": category if permit and uscc else "未纳入",
        "permit_valid_to": date(2027, 1, 1) + timedelta(days=random.randrange(1200)) if permit and uscc else None,
        "unit": unit.short_name,
        "managed_by_city": unit.code == "210500",
        "is_natural_person": natural,
        "division_code": DIVISIONS[division],
        "address": f"{DIVISIONS[division]}示例路 {random.randint(1, 300)} 号",
        "industry_code": trade.code,
        "industry_name": trade.industry,
        "legal_person": (person := names.person() if n % 3 == 0 and not natural else ""),
        "contact_name": person,  # in a small firm the same one
        "pollution_types": "、".join(trade.pollution),
        "hazwaste": HazwasteKind(trade.hazwaste).label,
        "hazwaste_licence": f"示例危废〔2025〕{n}号" if trade.hazwaste == "OPERATOR" else "",
        "air_grade": random.choice(["A", "B", "C", "D"]) if heavy else AirGrade.UNRATED.label,
        "credit_level": random.choice(["绿", "蓝", "蓝", "蓝", "黄"]) if heavy else "",
        "credit_risk": random.choice("ABBC"),
        "scopes": "、".join(Scope(s).label for s in trade.scopes),
        "status": "停产" if idle else "在产",
        "status_on": date(2025, 11, 1) if idle else None,
        "status_evidence": "企业停产报告（示例）" if idle else "",
        "entered_on": date(2025, 1, 1) + timedelta(days=random.randrange(300)),
    }
    if kind == Category.KEY:
        ground, evidence = random.choice(KEY_GROUNDS)
        row |= {"key_grounds": ground.label, "key_evidence": evidence}
    elif kind == Category.SPECIAL:
        ground, evidence = SPECIAL_GROUNDS[n % len(SPECIAL_GROUNDS)]
        row |= {"special_grounds": ground.label, "special_evidence": evidence}
    if not idle and kind != Category.SPECIAL and random.random() < 0.03:
        row |= {"positive": True, "positive_batch": "2025 年第二批（示例）", "positive_from": date(2025, 9, 1)}
    return row


def inspector_workbook(unit: Unit, names: Names, random: Random) -> bytes:
    """The unit's 检查人员名录."""
    total = SIZES[unit.code][3]
    section = unit.section if hasattr(unit, "section") else None
    homes = (
        [section.name] if section else [c.name for c in unit.children.filter(kind=UnitKind.HQ_SECTION).order_by("code")]
    )
    rows = []
    for n in range(total):
        number = next(_certificates)
        scopes = [Scope.HW.label] if n % 5 != 4 else []
        if n % 2 == 0:
            scopes.append(Scope.RAD.label)
        # One card in each unit but the smallest ends within the demo's year, so that its warning can be seen.
        ends = date(2026, 11, 30) if n == 3 and total > 8 else date(2027, 6, 30) + timedelta(days=random.randrange(900))
        if n == 4 and unit.code == "210504":
            ends = date(2026, 10, 10)  # ends within sixty days of the demo's day: a reminder has gone out
        rows.append(
            {
                "name": names.person(),
                "gender": random.choice(["男", "男", "女"]),
                "unit": homes[n % len(homes)],
                "position": "科长" if n == 0 else "副科长" if n == 1 else "执法人员",
                "certificate_no": f"{unit.division_code[:6]}{number:05d}",
                "certificate_kind": "全国统一",
                "certificate_from": date(2024, 3, 1),
                "certificate_to": ends,
                "enforcement_kinds": "生态环境",
                "scopes": "、".join(scopes),
                "can_lead": n % 2 == 0 or n < 3,
                "employment": "在编在岗",
                "entered_service_on": date(2008, 7, 1) + timedelta(days=random.randrange(5500)),
                "expertise": random.choice(["水", "气", "固废", "危废", "辐射", "环评", "监测", "应急", "法制"]),
                "post": "法制审核" if n % 7 == 5 else "综合管理" if n % 7 == 6 else "现场执法",
                "scope_basis": "市局 2025 年专业培训考核（示例）" if scopes else "",
                "field_of_study": random.choice(["环境工程", "环境科学", "化学", "法学", "给排水"]),
            }
        )
    return _workbook(BatchKind.INSPECTOR, "检查人员", rows)


def _workbook(kind: str, sheet: str, rows: list[dict]) -> bytes:
    columns = [c for c in COLUMNS[kind] if any(c.field in row for row in rows)]
    return table(
        sheet=sheet,
        columns=[OutColumn(c.title, c.width) for c in columns],
        rows=[[row.get(c.field) for c in columns] for row in rows],
    )
