"""`manage.py register_restore DIR`: bring back from a mirror what a restored database lacks of the register (PUB1 §3)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.refusal import Refused
from disclosure.mirror import restoring


class Command(BaseCommand):
    help = "从备份恢复以后，把镜像里有、数据库里没有的公示和日志条目补回来，登记时间照旧。"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="镜像的文件夹")
        parser.add_argument("--key", default="", help="数据库里没有检查点的：印在公示文书上的公钥")

    def handle(self, *, folder, key, **options):
        try:
            added, head = restoring.restore(folder, key=key)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"补回 {added} 条，公示日志共 {head.size} 条，根 {head.root}。下一分钟起继续签名。")
