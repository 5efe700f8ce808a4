import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='Duty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.CharField(max_length=8, verbose_name='规则')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='accounts.unit')),
                    ('role', models.CharField(max_length=20, verbose_name='角色')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='本人办理')),
                    ('period', models.CharField(max_length=40, verbose_name='期间')),
                    ('title', models.CharField(max_length=120, verbose_name='事项')),
                    ('consequence', models.CharField(blank=True, max_length=200, verbose_name='不办的后果')),
                    ('due', models.DateField(verbose_name='期限')),
                    ('target', models.DateField(verbose_name='期限前最后一个工作日')),
                    ('provisional', models.BooleanField(default=False, verbose_name='暂定')),
                    ('counted_from', models.DateField(null=True, verbose_name='起算日')),
                    ('workdays', models.PositiveSmallIntegerField(default=0, verbose_name='工作日数')),
                    ('url', models.CharField(blank=True, max_length=300)),
                    ('waiting_for', models.CharField(blank=True, max_length=60, verbose_name='等待')),
                    ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                    ('closed_by', models.CharField(blank=True, max_length=60, verbose_name='办结事件')),
                ],
                options={
                    'verbose_name': '办理事项',
                    'verbose_name_plural': '办理事项',
                    'ordering': ['due', 'rule'],
                    'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due'], name='open_duty_due')],
                    'constraints': [models.UniqueConstraint(fields=('rule', 'unit', 'period'), name='one_duty_per_rule_unit_and_period'), models.CheckConstraint(condition=models.Q(('counted_from__isnull', True), ('workdays__gt', 0), _connector='XOR'), name='counted_duty_says_from_when_and_how_many_workdays', violation_error_message='按工作日计算的期限要有起算日和工作日数。')],
                },
            ),
            migrations.CreateModel(
                name='DutyMove',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='notices.duty', verbose_name='办理事项')),
                    ('due_before', models.DateField(verbose_name='原期限')),
                    ('due_after', models.DateField(verbose_name='现期限')),
                    ('target_before', models.DateField(verbose_name='原最迟办理的工作日')),
                    ('target_after', models.DateField(verbose_name='现最迟办理的工作日')),
                    ('provisional_after', models.BooleanField(verbose_name='仍为暂定')),
                    ('because', models.CharField(max_length=200, verbose_name='依据')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                    ('at', models.DateTimeField(verbose_name='时间')),
                ],
                options={
                    'verbose_name': '期限变动',
                    'verbose_name_plural': '期限变动',
                    'ordering': ['-at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='PolicyChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('parameter', models.CharField(max_length=60, verbose_name='参数')),
                    ('value', models.PositiveIntegerField(verbose_name='新的数')),
                    ('effective_from', models.DateField(verbose_name='生效日期')),
                    ('source_document', models.CharField(max_length=200, verbose_name='依据文件')),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                    ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ],
                options={
                    'verbose_name': '参数修改',
                    'verbose_name_plural': '参数修改',
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('source_document', ''), _negated=True), name='policy_change_names_its_document', violation_error_message='填写依据文件。')],
                },
            ),
            migrations.CreateModel(
                name='PolicyDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('change', models.OneToOneField(error_messages={'unique': '这项修改已经审批过。'}, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='notices.policychange', verbose_name='参数修改')),
                    ('approved', models.BooleanField(verbose_name='同意')),
                    ('opinion', models.CharField(max_length=200, verbose_name='意见')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                    ('at', models.DateTimeField(verbose_name='审批时间')),
                ],
                options={
                    'verbose_name': '参数修改的审批',
                    'verbose_name_plural': '参数修改的审批',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='CalendarFeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                    ('digest', models.CharField(max_length=64, unique=True, verbose_name='地址指纹')),
                    ('created_at', models.DateTimeField(verbose_name='开通时间')),
                    ('revoked_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ],
                options={
                    'verbose_name': '日历订阅',
                    'verbose_name_plural': '日历订阅',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user',), name='one_open_feed_per_person', violation_error_message='日历订阅已经开通，先停用再换新地址。')],
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=120, unique=True)),
                    ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='notices.duty')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('due_on', models.DateField()),
                    ('sent_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbox', to=settings.AUTH_USER_MODEL)),
                    ('title', models.CharField(max_length=120, verbose_name='标题')),
                    ('body', models.CharField(blank=True, max_length=400, verbose_name='内容')),
                    ('url', models.CharField(blank=True, max_length=300)),
                    ('created_at', models.DateTimeField(verbose_name='时间')),
                    ('read_at', models.DateTimeField(null=True, verbose_name='已读')),
                ],
                options={
                    'verbose_name': '消息',
                    'verbose_name_plural': '消息',
                    'ordering': ['-created_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='OutgoingMail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=120, unique=True)),
                    ('to', models.EmailField(max_length=254)),
                    ('subject', models.CharField(max_length=150)),
                    ('body', models.TextField()),
                    ('created_at', models.DateTimeField()),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('error', models.CharField(blank=True, max_length=300)),
                ],
            ),
            migrations.CreateModel(
                name='Heartbeat',
                fields=[
                    ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='FirstUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                    ('state', models.CharField(choices=[('ASKED', '待批准'), ('APPROVED', '已批准'), ('RETURNED', '已退回')], default='ASKED', max_length=9, verbose_name='状态')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                    ('decided_at', models.DateTimeField(null=True, verbose_name='批准时间')),
                    ('opinion', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                    ('day', models.DateField(verbose_name='启用日期')),
                    ('document', models.CharField(max_length=200, verbose_name='依据文件')),
                    ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ],
                options={
                    'verbose_name': '启用日期',
                    'verbose_name_plural': '启用日期',
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='firstuse_is_decided_by_another', violation_error_message='提出和确定不能是同一个人，由牵头部门另一个人确定。'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'ASKED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ('APPROVED', 'RETURNED'))), models.Q(('state__in', ['ASKED', 'APPROVED', 'RETURNED']), _negated=True), models.Q(('asked_by__isnull', True), ('decided_at__isnull', False), ('state', 'APPROVED')), _connector='OR'), name='firstuse_names_who_decided', violation_error_message='批准和退回要写明由谁、在什么时候办的。'), models.UniqueConstraint(condition=models.Q(('state__in', ['ASKED', 'APPROVED'])), fields=('state',), name='one_day_of_first_use', violation_error_message='启用日期已经提出或者确定。重新打开页面看最新的情况。'), models.CheckConstraint(condition=models.Q(('day__day', 1), ('day__month__in', [1, 4, 7, 10])), name='first_use_begins_a_quarter', violation_error_message='启用日期是一个季度的第一天。')],
                },
            ),
        ),
    ]
