"""`manage.py first_use DAY`: the day from which the plan is carried out with this system (二-a)."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.notices.first_use import actions
from benxi_shuangsuiji.refusal import Refused


class Command(BaseCommand):
    help = "定启用日期：一个季度的第一天，定一次，以后不能改。这一天以前的事不列待办、不算逾期、不发邮件、不对外统计。"

    def add_arguments(self, parser):
        parser.add_argument("day", type=date.fromisoformat, metavar="日期", help="如 2027-01-01")
        parser.add_argument(
            "--document", required=True, metavar="文件", help="市局决定启用的文件，如“本环办〔2026〕41 号”"
        )

    def handle(self, *, day, document, **options):
        try:
            fixed = actions.set_first_use(day=day, document=document)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"启用日期已定：{fixed.day:%Y-%m-%d}。以前的检查在“导入名录”里选“历史检查”补录。")
