from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0003_constraint_words"), ("plans", "0018_public_values")]
    operations = [
        migrations.CreateModel(
            name="PublicValue",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("draw_id", models.CharField(max_length=32)),
                ("position", models.PositiveSmallIntegerField()),
                ("value", models.CharField(max_length=400)),
            ],
            options={
                "verbose_name": "公开随机数",
                "verbose_name_plural": "公开随机数",
                "db_table": "plans_public_value",
                "ordering": ["position"],
                "managed": False,
            },
        ),
    ]
