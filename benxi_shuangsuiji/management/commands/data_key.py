"""`manage.py data_key`: seal everything anew that is sealed under `DJANGO_DATA_KEY` (decision 0065)."""

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.backup import rotation
from benxi_shuangsuiji.refusal import Refused


class Command(BaseCommand):
    help = (
        "换数据密钥：原来的在 DJANGO_DATA_KEY_OLD，新的在 DJANGO_DATA_KEY。用拥有者的登录名运行，网站和后台任务先停。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--leave-lost", action="store_true", help="早就打不开的留在原处，其余的照换")

    def handle(self, *, leave_lost, **options):
        try:
            turned, lost = rotation.turn(leave_lost=leave_lost)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"换好 {turned} 处" + (f"，{lost} 处打不开的留在原处。" if lost else "。"))
        self.stdout.write(
            "从 .env 删掉 DJANGO_DATA_KEY_OLD，再启动网站和后台任务，马上备份一次；以前的备份要用原来的密钥。"
        )
