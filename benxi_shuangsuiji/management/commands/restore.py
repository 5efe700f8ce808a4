"""`manage.py restore BACKUP --key FILE`: an empty database and its files out of a backup, verified (decision 0064)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.backup import restoring
from benxi_shuangsuiji.refusal import Refused


class Command(BaseCommand):
    help = "把一份备份恢复到空的数据库，逐表核对，各条链从头重算。用拥有者的登录名运行，网站和后台任务先停。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, help="一份备份的目录，如 /backup/benxi-2026-12-01-020000")
        parser.add_argument("--key", type=Path, required=True, help="备份私钥的文件")
        parser.add_argument("--data-key-lost", action="store_true", help="原来的 DJANGO_DATA_KEY 确实丢失了")
        parser.add_argument(
            "--rules-changed", action="store_true", help="备份时规则被人改动过，已经查明：按程序文件恢复"
        )
        parser.add_argument("--without-lost-files", action="store_true", help="备份里缺少的文件确实找不回来了")

    def handle(self, *, backup, key, data_key_lost, rules_changed, without_lost_files, **options):
        try:
            proved = restoring.restore(
                backup,
                key,
                self.stdout.write,
                data_key_lost=data_key_lost,
                files_lost=without_lost_files,
                rules_changed=rules_changed,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for said, _ in proved:
            self.stdout.write(f"重新核算：{said}。")
        if wrong := [problem for _, problem in proved if problem]:
            raise CommandError(
                "恢复完了，但是核算不一致：" + "".join(wrong) + "没有给登录名任何权力，网站启动不了。换另一份备份；"
                "查明原因、决定照用的，运行 manage.py migrate 给出权力。"
            )
        self.stdout.write(
            "恢复完成。备份以后公开过的，先用 manage.py register_restore 从镜像补回，再启动网站和后台任务。"
        )
