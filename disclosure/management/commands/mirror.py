"""`manage.py mirror DIR`: the whole public side as static files (PUB1 §4)."""

from pathlib import Path

from django.core.management.base import BaseCommand

from disclosure.mirror import writing


class Command(BaseCommand):
    help = "把公开网站写成静态文件：网页、数据、公示日志、核验程序和指纹，可以放在文件夹、CDN 或者门户上。只写变了的。"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="写到哪个文件夹")
        parser.add_argument("--all", action="store_true", help="全部重写")

    def handle(self, *, folder, all, **options):
        done = writing.write(folder, whole=all)
        kind = "全部" if done.whole else "变了的"
        self.stdout.write(f"已写{kind}：共 {done.files} 个文件，{done.changed} 个有变化；公示日志 {done.size} 条。")
