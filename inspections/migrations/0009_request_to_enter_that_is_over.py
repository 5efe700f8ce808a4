"""A request to enter that waited when its check ended is over with it; those that wait at the upgrade too (七(三)-c)."""

from django.db import migrations, models


def end_what_waits_for_nothing(apps, schema_editor):
    requests = apps.get_model("inspections", "OnsiteRequest").objects.using(schema_editor.connection.alias)
    gone = list(
        requests.filter(state="ASKED").exclude(inspection__status__in=["DISPATCHED", "STARTED"]).values_list("pk", flat=True)
    )
    if not gone:  # as in a database that is being made, which has no clock yet
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sj_now()")
        (now,) = cursor.fetchone()
    requests.filter(pk__in=gone).update(state="OVER", decided_at=now)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0008_exchange")]

    operations = [
        migrations.AlterField(
            model_name="onsiterequest",
            name="state",
            field=models.CharField(
                choices=[("ASKED", "待批准"), ("APPROVED", "已批准"), ("RETURNED", "未批准"), ("OVER", "不再办理")],
                default="ASKED",
                max_length=9,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(end_what_waits_for_nothing, migrations.RunPython.noop, elidable=True),
    ]
