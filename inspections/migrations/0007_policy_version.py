from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0006_targeted_checks'),
    ]

    operations = [
        migrations.AddField(
            model_name='inspection',
            name='policy_version',
            # Everything before was set up under the one version there was.
            field=models.CharField(default='2025', editable=False, max_length=20, verbose_name='实施方案版本'),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='inspection',
            constraint=models.CheckConstraint(condition=models.Q(('policy_version', ''), _negated=True), name='check_names_the_version_of_the_policy', violation_error_message='检查要写明按哪一版实施方案办理。'),
        ),
    ]
