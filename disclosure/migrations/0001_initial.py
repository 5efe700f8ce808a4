import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='Publication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.CharField(max_length=40, verbose_name='公示编号')),
                    ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                    ('kind', models.CharField(choices=[('ITEM_LIST', '事项清单'), ('PLAN', '抽查计划'), ('RESULT', '检查结果'), ('SUMMARY', '全市汇总'), ('RESULT_SUM', '检查结果汇总')], max_length=10, verbose_name='种类')),
                    ('title', models.CharField(max_length=150, verbose_name='标题')),
                    ('unit_code', models.CharField(max_length=16, verbose_name='单位代码')),
                    ('unit_name', models.CharField(max_length=60, verbose_name='公示单位')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('number', models.PositiveSmallIntegerField(null=True, verbose_name='季度')),
                    ('snapshot', models.JSONField(verbose_name='公示内容')),
                    ('digest', models.CharField(max_length=64, verbose_name='指纹')),
                    ('facility_code', models.CharField(blank=True, max_length=32, verbose_name='名录编号')),
                    ('facility_name', models.CharField(blank=True, max_length=200, verbose_name='检查对象')),
                    ('district', models.CharField(blank=True, max_length=30, verbose_name='县区')),
                    ('category', models.CharField(blank=True, max_length=7, verbose_name='类别')),
                    ('outcome', models.CharField(blank=True, max_length=22, verbose_name='检查结果')),
                    ('checked_on', models.DateField(null=True, verbose_name='检查日期')),
                    ('workday_number', models.PositiveSmallIntegerField(null=True, verbose_name='第几个工作日公开')),
                    ('late_reason', models.CharField(blank=True, max_length=200, verbose_name='逾期原因')),
                    ('search_text', models.TextField(default='', editable=False)),
                    ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='公开人')),
                    ('published_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='公开时间')),
                ],
                options={
                    'verbose_name': '公示',
                    'verbose_name_plural': '公示',
                    'ordering': ['-published_at'],
                    'indexes': [models.Index(fields=['kind', '-checked_on'], name='publication_kind_day'), models.Index(fields=['facility_code'], name='publication_facility'), django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='publication_search', opclasses=['gin_trgm_ops'])],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'no', 'version'), name='one_publication_per_version', violation_error_message='刚才已经有人公开了这一版。重新打开页面看最新的情况。'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'RESULT'), _negated=True), models.Q(('checked_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_published_result_has_a_day_and_an_outcome', violation_error_message='检查结果缺少检查日期或结果，不能公开。退回检查小组补齐。')],
                },
            ),
            migrations.CreateModel(
                name='PublicDocument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('draw_id', models.CharField(max_length=32)),
                    ('unit_id', models.BigIntegerField()),
                    ('year', models.PositiveSmallIntegerField()),
                    ('quarter', models.PositiveSmallIntegerField()),
                    ('serial', models.PositiveSmallIntegerField()),
                    ('kind', models.CharField(max_length=8)),
                    ('run', models.PositiveSmallIntegerField()),
                    ('number', models.PositiveSmallIntegerField()),
                    ('text', models.TextField()),
                    ('digest', models.CharField(max_length=64)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'verbose_name': '公开的抽取文书',
                    'verbose_name_plural': '公开的抽取文书',
                    'db_table': 'plans_public_document',
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='PublicChainEntry',
                fields=[
                    ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('prev', models.CharField(max_length=64)),
                    ('link', models.CharField(max_length=64)),
                    ('kind', models.CharField(max_length=6)),
                    ('draw_id', models.CharField(max_length=32, null=True)),
                    ('doc', models.CharField(max_length=64)),
                    ('at', models.DateTimeField()),
                    ('text', models.TextField()),
                ],
                options={
                    'verbose_name': '公示链',
                    'verbose_name_plural': '公示链',
                    'db_table': 'plans_public_chain',
                    'ordering': ['seq'],
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='PublicCarry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.TextField()),
                    ('digest', models.CharField(max_length=64)),
                    ('silent', models.JSONField()),
                    ('document', models.CharField(max_length=60)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'verbose_name': '公开的历史抽查结转',
                    'verbose_name_plural': '公开的历史抽查结转',
                    'db_table': 'plans_public_carry',
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='PublicValue',
                fields=[
                    ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('draw_id', models.CharField(max_length=32)),
                    ('position', models.PositiveSmallIntegerField()),
                    ('value', models.CharField(max_length=400)),
                ],
                options={
                    'verbose_name': '公开随机数',
                    'verbose_name_plural': '公开随机数',
                    'db_table': 'plans_public_value',
                    'ordering': ['position'],
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='PublicLateness',
                fields=[
                    ('draw_id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                    ('reason', models.CharField(max_length=200)),
                ],
                options={
                    'verbose_name': '逾期抽取的原因',
                    'verbose_name_plural': '逾期抽取的原因',
                    'db_table': 'plans_public_lateness',
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='PublicCorrection',
                fields=[
                    ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('draw_id', models.CharField(max_length=32)),
                    ('run', models.PositiveSmallIntegerField()),
                    ('position', models.PositiveSmallIntegerField()),
                    ('was', models.CharField(max_length=400)),
                    ('value', models.CharField(max_length=400)),
                    ('reason', models.CharField(max_length=200)),
                    ('evidence', models.CharField(max_length=300)),
                    ('person', models.CharField(max_length=60)),
                    ('document', models.CharField(max_length=60)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'verbose_name': '公开随机数的更正',
                    'verbose_name_plural': '公开随机数的更正',
                    'db_table': 'plans_public_correction',
                    'ordering': ['id'],
                    'managed': False,
                },
            ),
        ),
    ]
