import json
import unicodedata

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.notices.deadlines import lookup
from benxi_shuangsuiji.workdays.days import weekday

ANY = {"CITY": ("市执法队", True), "BRANCH": ("各分局", False)}
HEADS = ("规则", "单位", "期间", "期限", "最迟办理的工作日", "约束", "事项")


class Command(BaseCommand):
    help = (
        "某一年全部时限：每个单位、每个期间的期限，和期限前最后一个工作日。由某件事引出的（如检查结束后公开）不在内。"
    )

    def add_arguments(self, parser):
        parser.add_argument("year", metavar="YEAR", nargs="?", default="", help="年度，如 2026")
        parser.add_argument("--unit", metavar="CODE", default="", help="只列一个单位，写它的代码")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, year: str, unit: str, **options):
        if not (year.isdecimal() and len(year) == 4):
            raise CommandError(f"“{year}”不是年度，应当写成 2026 这样。" if year else "写明年度，如 deadlines 2026。")
        calendar, warning = workdays.calendar_if_there()
        units = _units()
        if unit and unit not in units:
            raise CommandError(f"没有代码是“{unit}”的单位。可以写：{'、'.join(units)}。")
        try:
            found = list(lookup.of_year(int(year), calendar))
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        chosen = {code: units[code] for code in units if unit in ("", code)}
        rows = [
            (law, period, due, code, name, is_city)
            for law, period, due in found
            for code, (name, is_city) in chosen.items()
            if law.concerns(is_city=is_city)
        ]
        if warning:
            self.stderr.write(warning)
        if options["json"]:
            self.stdout.write(json.dumps([_as_data(*row[:5]) for row in rows], ensure_ascii=False, indent=1))
        else:
            self._table(rows)

    def _table(self, rows) -> None:
        lines = [HEADS]
        for law, period, due, _, name, _ in rows:
            day = f"{due.date} {weekday(due.date)}" + ("（暂定）" if due.provisional else "")
            target = f"{due.target} {weekday(due.target)}"
            lines.append((law.id, name, period, day, target, law.binding.label, law.title_for(period)))
        widths = [max(_width(line[n]) for line in lines) for n in range(len(HEADS))]
        for line in lines:
            cells = [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())


def _units() -> dict[str, tuple[str, bool]]:
    """Code → (name, is the city team) of the units that draw; where no database says, the two sorts of them."""
    try:
        found = {u.code: (u.short_name, u.kind == UnitKind.CITY_TEAM) for u in Unit.objects.drawing()}
    except (OperationalError, ProgrammingError):
        found = {}
    return found or ANY


def _as_data(law, period, due, code, name) -> dict:
    return {
        "rule": law.id,
        "unit": code,
        "unit_name": name,
        "period": period,
        "due": due.date.isoformat(),
        "target": due.target.isoformat(),
        "provisional": due.provisional,
        "title": law.title_for(period),
        "clause": law.clause,
        "binding": law.binding.value,
    }


def _width(text: str) -> int:
    """Columns on a terminal, where a 汉字 takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
