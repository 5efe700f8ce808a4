"""`manage.py backup DIR`: database and files, encrypted, beside the backups of before (decision 0064)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.backup import taking
from benxi_shuangsuiji.refusal import Refused


class Command(BaseCommand):
    help = "把数据库和存储的文件加密备份到一个目录。.env 里的密钥不在里面，另外保管。"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="放各次备份的目录，最好在另一台机器上")

    def handle(self, *, folder, **options):
        try:
            taken = taking.take(folder)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"备份完成：{taken.place}")
        self.stdout.write(f"{taken.rows} 行数据，{taken.files} 个文件，其中新增 {taken.new} 个。")
        if taken.missing:
            self.stderr.write(f"存储里缺少或损坏 {len(taken.missing)} 个文件，没有备份进去，见 /desk/files/。")
        if taken.rules_changed:
            raise CommandError(
                f"备份已经做成，但是{taken.rules_changed}马上查明原因；这一份恢复时要加 --rules-changed。"
            )
