"""The days of drawing as domain.md 6.3 has them; the count of issues is the lead office's to enter, from the operator."""

from datetime import date, time

from django.db import migrations

ROWS = [
    ("K8", [1, 2, 3, 4, 5, 6, 7], time(21, 30)),
    ("SSQ", [2, 4, 7], time(21, 15)),
    ("DLT", [1, 3, 6], time(21, 25)),
    ("QLC", [1, 3, 5], time(21, 15)),
]
SOURCE = "系统内置的开奖星期和时刻，期号由牵头部门按开奖公告登记"


def enter(apps, schema_editor):
    Schedule = apps.get_model("plans", "LotterySchedule")
    Schedule.objects.bulk_create(
        Schedule(game=game, weekdays=days, drawn_at=at, valid_from=date(2025, 1, 1), source_document=SOURCE)
        for game, days, at in ROWS
    )


def take_out(apps, schema_editor):
    apps.get_model("plans", "LotterySchedule").objects.filter(entered_by=None).delete()


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [migrations.RunPython(enter, take_out)]
