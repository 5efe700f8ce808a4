from django.core.management.commands import migrate
from django.db import connections, transaction

from benxi_shuangsuiji.database import rights


class Command(migrate.Command):
    """`migrate`, and then the rights of every table (rights.py). Runs as the owner's login."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"] or options["app_label"]:
            return
        with transaction.atomic(using=options["database"]), connections[options["database"]].cursor() as cursor:
            rights.apply(cursor)
