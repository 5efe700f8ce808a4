"""An act that waited when its order came to nothing is over with it; those that wait at the upgrade, with their to-dos (八(二)-e)."""

from django.db import migrations, models


def end_what_waits_for_nothing(apps, schema_editor):
    alias = schema_editor.connection.alias
    acts = apps.get_model("inspections", "RectificationAct").objects.using(alias)
    duties = apps.get_model("notices", "Duty").objects.using(alias).filter(closed_at=None)
    gone = list(acts.filter(state="ASKED", rectification__state="VOID").select_related("rectification__inspection"))
    if not gone:  # as in a database that is being made, which has no clock yet
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sj_now()")
        (now,) = cursor.fetchone()
    for act in gone:
        no = act.rectification.inspection.no
        duties.filter(rule="MENDASK", unit=act.decided_in_id, period=f"{no}:{act.pk}").update(
            closed_at=now, closed_by="不再责令改正"
        )
        acts.filter(pk=act.pk).update(state="OVER")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_order_as_handed_out"), ("notices", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="rectificationact",
            name="state",
            field=models.CharField(
                choices=[
                    ("ASKED", "等决定"),
                    ("APPROVED", "已同意"),
                    ("RETURNED", "没有同意"),
                    ("MORE", "退回补充"),
                    ("OVER", "不再办理"),
                ],
                default="ASKED",
                max_length=9,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(end_what_waits_for_nothing, migrations.RunPython.noop, elidable=True),
    ]
