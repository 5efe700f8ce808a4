"""A workbook of invented facilities, as large as wanted: 30 columns, nothing wrong in it."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from openpyxl import Workbook

from registry import codes, industries

HEADS = (
    "名称",
    "统一社会信用代码",
    "排污许可证／登记编号",
    "排污许可管理类别",
    "排污许可有效期至",
    "市管",
    "自然人",
    "经营者",
    "行政区划",
    "地址",
    "经度",
    "纬度",
    "行业代码",
    "行业类型",
    "法定代表人",
    "环保负责人",
    "联系电话",
    "污染类型",
    "危险废物管理",
    "重污染天气绩效分级",
    "环境信用评价",
    "信用风险分类",
    "专业要求",
    "生产状态",
    "监管类别",
    "重点依据",
    "重点依据证据",
    "正面清单",
    "曾用名",
    "纳入名录日期",
)
_WORDS = "华盛源丰泰瑞恒信达通安康宁海山江河林森木金银铜铁钢石机械电力热水环保科技新能"
_TRADES = ("化工", "冶炼", "建材", "机械", "水泥", "选矿", "铸造", "医药", "食品", "养殖", "印染", "电镀")
_INDUSTRIES = [code for code in industries.table() if len(code) == 5 and code.startswith("C")]
_FAMILY = "赵钱孙李周吴郑王"


def write(path: Path, rows: int, *, address: str = "路") -> None:
    random = Random(1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("检查对象")
    sheet.append(HEADS)
    for n in range(rows):
        sheet.append(_row(n, random, address))
    book.save(path)


def _row(n: int, random: Random, address: str) -> list:
    pick = random.choice
    body = f"D{n:07d}"
    first17 = f"91210504{body}{codes.organisation_check_character(body)}"
    code = first17 + codes.check_character(first17)
    name = f"本溪{''.join(random.choices(_WORDS, k=random.randint(2, 4)))}{pick(_TRADES)}有限公司"
    return [
        f"{name}{n}厂" if n % 3 == 0 else name,
        code,
        f"{code}001P",
        ("重点管理", "简化管理", "登记管理", "登记管理", "登记管理")[n % 5],
        (date(2027, 1, 1) + timedelta(days=n % 900)).isoformat(),
        "否",
        "否",
        name,
        ("平山区", "溪湖区", "明山区", "南芬区")[n % 4],
        f"{pick(_WORDS)}{pick(_WORDS)}{address} {n} 号",
        f"{123.6 + n % 2000 / 1000:.6f}",
        f"{40.8 + n % 800 / 1000:.6f}",
        _INDUSTRIES[n % 300],
        f"{pick(_TRADES)}制造",
        pick(_FAMILY) + pick(_WORDS) + pick(_WORDS),
        pick(_FAMILY) + pick(_WORDS),
        f"139{n:08d}",
        ("水、大气", "大气", "水", "水、大气、危废")[n % 4],
        ("无", "产生单位（登记管理）")[n % 2],
        ("未评级", "C", "D")[n % 3],
        ("绿", "蓝", "黄")[n % 3],
        "ABCD"[n % 4],
        "" if n % 7 else "危险废物",
        "在产",
        "重点" if n % 5 == 0 else "一般",
        "",
        "",
        "否",
        "",
        (date(2024, 1, 1) + timedelta(days=n % 700)).isoformat(),
    ]
