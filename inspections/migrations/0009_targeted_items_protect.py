# The same table, with a model of its own: taking an item off a draft list asks whether a check uses it and deletes nothing.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0012_legal_bases_and_question_bank'),
        ('inspections', '0008_points_say_standard_and_permit'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField('targetedcheck', 'items'),
                migrations.CreateModel(
                    name='TargetedItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('inspectionitem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.inspectionitem')),
                        ('targetedcheck', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.targetedcheck')),
                    ],
                    options={
                        'verbose_name': '检查事项',
                        'verbose_name_plural': '检查事项',
                        'db_table': 'inspections_targetedcheck_items',
                        'unique_together': {('targetedcheck', 'inspectionitem')},
                    },
                ),
                migrations.AddField(
                    model_name='targetedcheck',
                    name='items',
                    field=models.ManyToManyField(related_name='+', through='inspections.TargetedItem', to='plans.inspectionitem', verbose_name='检查事项'),
                ),
            ],
        ),
    ]
