from datetime import date

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.workdays import calendar_if_there
from benxi_shuangsuiji.workdays.days import weekday


class Command(BaseCommand):
    help = "某日之后的第 N 个工作日（当日不计），并说明该年度放假安排是否已公布。"

    def add_arguments(self, parser):
        parser.add_argument("date", metavar="DATE", nargs="?", default="", help="起算日，如 2026-03-25")
        parser.add_argument("--after", metavar="N", default="", help="第几个工作日，如 20")

    def handle(self, *, date: str, after: str, **options):
        start, count = _day_of(date), _count_of(str(after))
        in_force, warning = calendar_if_there()
        try:
            limit = in_force.within_workdays(start, count)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        except OverflowError as problem:
            raise CommandError("结果超出了可以表示的日期，把 --after 改小。") from problem
        standing = "确定（放假安排已公布）"
        if limit.provisional:
            unknown = "、".join(map(str, in_force.unpublished_years(start, limit.date)))
            standing = f"暂定（{unknown} 年放假安排尚未公布）"
        if warning:
            self.stderr.write(warning)
        self.stdout.write(f"{limit.date.isoformat()} {weekday(limit.date)} {standing}")


def _count_of(text: str) -> int:
    try:
        return int(text)
    except ValueError as problem:
        raise CommandError("--after 写明第几个工作日，如 --after 20。") from problem


def _day_of(text: str) -> date:
    if not text:
        raise CommandError("写明起算日，如 workdays 2026-03-25 --after 20。")
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise CommandError(f"“{text}”不是日期，应当写成 2026-03-25 这样。") from problem
