"""`manage.py register_log`: end a register that cannot be brought back, and begin another (PUB1 §3)."""

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.refusal import Refused
from disclosure.register import own, signing


class Command(BaseCommand):
    help = "签过的日志恢复不了的，另起一本：第 0 条写明原来的日志、条数、根和原因，现有的公示按原来的次序重新登记。"

    def add_arguments(self, parser):
        parser.add_argument("origin", help="新日志的名称，如 ssj.example.gov.cn/register2")
        parser.add_argument("--reason", required=True, help="原因")
        parser.add_argument("--document", required=True, help="依据文件")

    def handle(self, *, origin, reason, document, **options):
        try:
            publication = own.begin_log(origin=origin, reason=reason, document=document)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        signing.head_file().unlink(missing_ok=True)
        self.stdout.write(
            f"已另起一本：{publication.no}，下一分钟起签署。告诉见证人和保存检查点的人，在公示文书上说明。"
        )
