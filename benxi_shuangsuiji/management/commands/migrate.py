from collections.abc import Iterable
from importlib.util import find_spec

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from benxi_shuangsuiji.database import from_nothing, rights, rules, shown


class Command(migrate.Command):
    """`migrate`, then the rules of the rooms (`database/rules.py`) and the rights of every table. Runs as the owner's login."""

    stealth_options = ("without_rights",)  # of a restore, which gives them when the database has proved itself

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--restore-rules", action="store_true", help="数据库里的规则被人改动过，已经查明：按程序文件恢复"
        )

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if options["plan"] or options["check_unapplied"] or options["app_label"]:
            return super().handle(*args, **options)
        if unknown := of_another_program(connection):
            raise CommandError(
                f"这个数据库由另一版程序建立，本版程序没有这些迁移：{rules.listed(unknown)}。"
                "换用那一版程序，或者换一个空的数据库；演示数据用 manage.py demo --fresh 重做。"
            )
        with connection.cursor() as cursor:
            changed = rules.why_changed(cursor)
        if changed and not options["restore_rules"]:
            raise CommandError(f"{changed}先查明原因；再用 manage.py migrate --restore-rules 按程序文件恢复。")
        if waiting(connection):
            with connection.cursor() as cursor:
                shown.take_away(cursor)
        if not (options["fake"] or options["fake_initial"]):
            from_nothing.build(connection)
        super().handle(*args, **options)
        try:
            with transaction.atomic(using=options["database"]), connection.cursor() as cursor:
                rules.apply(cursor)
                if options["restore_rules"] and (added := rules.take_away_added(cursor)):
                    self.stdout.write(f"另加的已经删掉：{rules.listed(added)}。")
                rights.apply(cursor)
                rules.note(cursor)
                if options.get("without_rights"):
                    rights.take_away(cursor)
        except (rules.NotNamed, rights.Unlisted) as trouble:
            raise CommandError(str(trouble)) from trouble
        except rules.StillNeeded as trouble:
            raise CommandError(
                f"另加的规则删不掉，什么也没有改：{trouble}由数据库管理员查明、删掉，再运行一次。"
            ) from trouble


def waiting(connection) -> bool:
    """Whether tables are going to change."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def of_another_program(connection) -> list[str]:
    """Migrations that the database has had and that this program does not have."""
    return unknown_here(MigrationRecorder(connection).applied_migrations())


def unknown_here(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Those of them that this program does not have."""
    return [
        f"{label}.{name}"
        for label, name in applied
        if label in apps.app_configs and not find_spec(f"{apps.get_app_config(label).name}.migrations.{name}")
    ]
