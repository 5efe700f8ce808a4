"""Who asks is sealed with a key of his own (decision 0053): what is there already as well."""

import json

import django.db.models.deletion
from django.db import migrations, models

from benxi_shuangsuiji import sealing

# The rows may be changed by nobody; a new database has no such trigger yet.
STANDING = """
DO $$ BEGIN IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'disclosure_applicant'::regclass AND tgname = 'sealed_rows')
THEN ALTER TABLE disclosure_applicant {}; END IF; END $$
"""


def seal(apps, schema_editor):
    keys = apps.get_model("disclosure", "ApplicantKey")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(STANDING.format("DISABLE TRIGGER sealed_rows"))
        for who in apps.get_model("disclosure", "Applicant").objects.select_related("objection"):
            subject = f"objection:{who.objection.receipt}"
            key = sealing.new_key(subject)
            said = json.dumps({"name": who.name, "phone": who.phone, "email": who.email}, ensure_ascii=False)
            who.sealed = sealing.seal(said, key, subject)
            who.save(update_fields=["sealed"])
            keys.objects.create(applicant=who, key=key)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(STANDING.format("ENABLE ALWAYS TRIGGER sealed_rows"))


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApplicantKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField(verbose_name='密钥，加密')),
                ('applicant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kept_key', to='disclosure.applicant', verbose_name='申请人')),
            ],
            options={
                'verbose_name': '申请人的密钥',
                'verbose_name_plural': '申请人的密钥',
            },
        ),
        migrations.AddField(
            model_name='applicant',
            name='sealed',
            field=models.BinaryField(null=True, verbose_name='姓名和联系方式，加密'),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='applicant',
            name='sealed',
            field=models.BinaryField(verbose_name='姓名和联系方式，加密'),
        ),
        migrations.RemoveConstraint(
            model_name='applicant',
            name='an_applicant_can_be_reached',
        ),
        migrations.RemoveField(
            model_name='applicant',
            name='email',
        ),
        migrations.RemoveField(
            model_name='applicant',
            name='name',
        ),
        migrations.RemoveField(
            model_name='applicant',
            name='phone',
        ),
    ]
