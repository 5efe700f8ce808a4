import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0001_initial'),
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
                    ('kind', models.CharField(choices=[('ITEM_LIST', '事项清单'), ('PLAN', '抽查计划'), ('RESULT', '检查结果'), ('SUMMARY', '全市汇总'), ('RESULT_SUM', '检查结果汇总'), ('RECTIFICATION', '整改情况'), ('CASE', '立案查处情况'), ('REFERRAL', '移送情况')], max_length=13, verbose_name='种类')),
                    ('title', models.CharField(max_length=150, verbose_name='标题')),
                    ('unit_code', models.CharField(max_length=16, verbose_name='单位代码')),
                    ('unit_name', models.CharField(max_length=60, verbose_name='公示单位')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('number', models.PositiveSmallIntegerField(null=True, verbose_name='季度')),
                    ('state', models.CharField(choices=[('ISSUED', '公开'), ('CORRECTED', '更正'), ('WITHDRAWN', '撤下')], default='ISSUED', max_length=9, verbose_name='公示状态')),
                    ('change', models.CharField(blank=True, choices=[('correction', '更正'), ('adjustment', '调整'), ('completion', '补充'), ('withdrawal', '撤下')], max_length=10, verbose_name='变动')),
                    ('text', models.TextField(verbose_name='公示原文')),
                    ('snapshot', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast('text', models.JSONField()), output_field=models.JSONField(), verbose_name='公示内容')),
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
                    ('issued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='首次公开时间')),
                ],
                options={
                    'verbose_name': '公示',
                    'verbose_name_plural': '公示',
                    'ordering': ['-published_at'],
                    'indexes': [models.Index(condition=models.Q(('state', 'WITHDRAWN')), fields=['kind', 'no', 'version'], name='publication_withdrawn'), models.Index(fields=['kind', '-checked_on'], name='publication_kind_day'), models.Index(fields=['facility_code'], name='publication_facility'), django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='publication_search', opclasses=['gin_trgm_ops'])],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'no', 'version'), name='one_publication_per_version', violation_error_message='刚才已经有人公开了这一版。重新打开页面看最新的情况。'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'RESULT'), _negated=True), ('state', 'WITHDRAWN'), models.Q(('checked_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_published_result_has_a_day_and_an_outcome', violation_error_message='检查结果缺少检查日期或结果，不能公开。退回检查小组补齐。'), models.CheckConstraint(condition=models.Q(models.Q(('change', ''), ('state', 'ISSUED'), ('version', 1)), models.Q(('change', 'withdrawal'), ('state', 'WITHDRAWN'), ('version__gt', 1)), models.Q(('change__in', ['correction', 'adjustment', 'completion']), ('state', 'CORRECTED'), ('version__gt', 1)), _connector='OR'), name='a_version_is_in_the_state_that_its_change_says', violation_error_message='第一版是公开，以后各版写明更正、调整、补充或者撤下。'), models.UniqueConstraint(fields=('digest',), name='no_two_publications_are_the_same_text')],
                },
            ),
            migrations.CreateModel(
                name='Revision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                    ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                    ('decided_at', models.DateTimeField(null=True, verbose_name='批准时间')),
                    ('opinion', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                    ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='disclosure.publication', verbose_name='公示')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='公示单位')),
                    ('act', models.CharField(choices=[('CORRECT', '更正'), ('WITHDRAW', '撤下'), ('REISSUE', '撤下并重新公开')], max_length=8, verbose_name='办理')),
                    ('ground', models.CharField(blank=True, choices=[('REVOKED', '决定被撤销或者变更'), ('PRIVATE', '涉及个人隐私'), ('SECRET', '涉及国家秘密或者商业秘密'), ('TERM', '公示期满')], max_length=7, verbose_name='撤下的事由')),
                    ('reason', models.CharField(max_length=200, verbose_name='理由')),
                    ('evidence', models.CharField(max_length=300, verbose_name='证明材料')),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='证明材料的文件')),
                    ('document_no', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                    ('known_on', models.DateField(null=True, verbose_name='撤销、变更决定的日期')),
                    ('changes', models.JSONField(default=dict, verbose_name='改成')),
                    ('names_because', models.CharField(blank=True, max_length=100, verbose_name='文字里的姓名为什么要公开')),
                    ('state', models.CharField(choices=[('ASKED', '等决定'), ('APPROVED', '已批准'), ('RETURNED', '没有批准'), ('MORE', '退回补充'), ('WITHDRAWN', '已撤回')], default='ASKED', max_length=9, verbose_name='状态')),
                    ('became', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.publication', verbose_name='办成的一版')),
                ],
                options={
                    'verbose_name': '更正和撤下申请',
                    'verbose_name_plural': '更正和撤下申请',
                    'ordering': ['-asked_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='revision_is_decided_by_another', violation_error_message='提出的人不能决定自己的申请，由分管负责人决定。'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'ASKED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ('APPROVED', 'RETURNED'))), models.Q(('state__in', ['ASKED', 'APPROVED', 'RETURNED']), _negated=True), _connector='OR'), name='revision_names_who_decided', violation_error_message='批准和退回要写明由谁、在什么时候办的。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'RETURNED'), _negated=True), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='revision_is_returned_with_an_opinion', violation_error_message='不批准的，写明意见。'), models.CheckConstraint(condition=models.Q(models.Q(('act', 'CORRECT'), ('ground', '')), models.Q(('act__in', ['WITHDRAW', 'REISSUE']), models.Q(('ground', ''), _negated=True)), _connector='OR'), name='a_withdrawal_has_its_ground', violation_error_message='撤下要选事由。'), models.CheckConstraint(condition=models.Q(models.Q(('ground', 'REVOKED'), _negated=True), models.Q(('known_on__isnull', False), models.Q(('document_no', ''), _negated=True)), _connector='OR'), name='a_revoked_decision_has_day_and_number', violation_error_message='决定被撤销或者变更的，写明那份决定的日期和文号。'), models.CheckConstraint(condition=models.Q(('state', 'APPROVED'), ('became__isnull', True), _connector='XOR'), name='an_approved_revision_became_a_version', violation_error_message='批准以后才有新的一版。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'MORE'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('opinion', ''), _negated=True)), _connector='OR'), name='what_is_sent_back_says_what_is_missing', violation_error_message='退回补充的，写明补什么。'), models.UniqueConstraint(condition=models.Q(('state', 'ASKED')), fields=('publication',), name='one_revision_of_a_version_at_a_time', violation_error_message='这一版已有一份申请等决定。重新打开页面看最新的情况。')],
                },
            ),
            migrations.CreateModel(
                name='YearVolume',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('part', models.PositiveSmallIntegerField(default=0, verbose_name='补充卷')),
                    ('no', models.CharField(max_length=40, unique=True, verbose_name='档号')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='为什么补充')),
                    ('asked_at', models.DateTimeField(verbose_name='提交时间')),
                    ('pages', models.PositiveIntegerField(default=0, verbose_name='页数')),
                    ('bound_at', models.DateTimeField(null=True, verbose_name='成册时间')),
                    ('box', models.CharField(blank=True, max_length=40, verbose_name='盒号')),
                    ('shelf', models.CharField(blank=True, max_length=60, verbose_name='架位')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('manifest', models.CharField(blank=True, max_length=64, verbose_name='清单的指纹')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='立卷人')),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='合订本')),
                    ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.job')),
                    ('package', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='电子档案包')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='单位')),
                ],
                options={
                    'verbose_name': '年度卷',
                    'verbose_name_plural': '年度卷',
                    'ordering': ['-year', 'unit', 'part'],
                    'abstract': False,
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('bound_at__isnull', True), ('file__isnull', True)), models.Q(('bound_at__isnull', False), ('file__isnull', False)), _connector='OR'), name='yearvolume_bound_has_its_file_and_its_time', violation_error_message='成册的卷要有合订本和成册时间。'), models.CheckConstraint(condition=models.Q(('part', 0), models.Q(('reason', ''), _negated=True), _connector='OR'), name='yearvolume_supplement_says_why', violation_error_message='补充卷写明理由。'), models.UniqueConstraint(fields=('unit', 'year', 'part'), name='a_year_is_bound_once', violation_error_message='这个年度卷已经在成册。'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('manifest', ''), ('package__isnull', True)), models.Q(('file__isnull', False), ('package__isnull', False), models.Q(('manifest', ''), _negated=True)), _connector='OR'), name='a_bound_year_has_its_package', violation_error_message='成册的年度卷要有电子档案包。')],
                },
            ),
            migrations.CreateModel(
                name='YearPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=60, verbose_name='文书')),
                    ('n', models.PositiveSmallIntegerField(verbose_name='顺序号')),
                    ('title', models.CharField(max_length=200, verbose_name='题名')),
                    ('number', models.CharField(blank=True, max_length=100, verbose_name='文号')),
                    ('author', models.CharField(blank=True, max_length=80, verbose_name='责任者')),
                    ('dated', models.DateField(verbose_name='日期')),
                    ('digest', models.CharField(max_length=64, verbose_name='指纹')),
                    ('first_page', models.PositiveIntegerField(default=0, verbose_name='页号')),
                    ('pages', models.PositiveIntegerField(default=0, verbose_name='页数')),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                    ('volume', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='disclosure.yearvolume', verbose_name='年度卷')),
                ],
                options={
                    'verbose_name': '年度卷的文书',
                    'verbose_name_plural': '年度卷的文书',
                    'ordering': ['volume', 'n'],
                    'abstract': False,
                    'constraints': [models.UniqueConstraint(fields=('volume', 'key'), name='yearpaper_is_once_in_a_volume', violation_error_message='这份文书已在卷内。')],
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
            migrations.CreateModel(
                name='Checkpoint',
                fields=[
                    ('size', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='条数')),
                    ('root', models.CharField(max_length=64, verbose_name='根')),
                    ('note', models.TextField(verbose_name='检查点')),
                    ('key', models.CharField(max_length=200, verbose_name='公钥')),
                    ('signed_at', models.DateTimeField(verbose_name='签名时间')),
                ],
                options={
                    'verbose_name': '日志检查点',
                    'verbose_name_plural': '日志检查点',
                    'ordering': ['-size'],
                },
            ),
            migrations.CreateModel(
                name='RegisterEntry',
                fields=[
                    ('index', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='序号')),
                    ('at', models.CharField(max_length=25, verbose_name='登记时间')),
                    ('leaf', models.BinaryField(verbose_name='叶指纹')),
                    ('publication', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='entry', to='disclosure.publication', verbose_name='公示')),
                ],
                options={
                    'verbose_name': '日志条目',
                    'verbose_name_plural': '日志条目',
                    'ordering': ['index'],
                },
            ),
            migrations.CreateModel(
                name='RegisterNode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.PositiveSmallIntegerField()),
                    ('number', models.BigIntegerField()),
                    ('hash', models.BinaryField()),
                ],
                options={
                    'verbose_name': '日志的整块指纹',
                    'verbose_name_plural': '日志的整块指纹',
                    'constraints': [models.UniqueConstraint(fields=('level', 'number'), name='a_full_node_is_kept_once', violation_error_message='这一块的指纹已经保存。')],
                },
            ),
        ),
    ]
