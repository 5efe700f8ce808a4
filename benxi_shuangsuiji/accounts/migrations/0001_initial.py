import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=16, unique=True, verbose_name='单位代码')),
                    ('name', models.CharField(max_length=60, verbose_name='名称')),
                    ('short_name', models.CharField(max_length=20, verbose_name='简称')),
                    ('kind', models.CharField(choices=[('CITY_BUREAU', '市生态环境局'), ('CITY_TEAM', '市执法队'), ('HQ_SECTION', '市执法队局机关执法科室'), ('BRANCH', '县区生态环境分局'), ('COUNTY_SECTION', '市执法队县区执法科室')], max_length=16, verbose_name='类别')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.unit')),
                    ('serves', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='section', to='accounts.unit', verbose_name='服务的分局')),
                    ('division_code', models.CharField(blank=True, max_length=6, verbose_name='行政区划代码')),
                    ('position', models.PositiveSmallIntegerField(default=100, verbose_name='排列次序')),
                    ('telephone', models.CharField(blank=True, max_length=40, verbose_name='电话')),
                    ('email', models.EmailField(blank=True, max_length=100, verbose_name='邮箱')),
                    ('address', models.CharField(blank=True, max_length=100, verbose_name='地址')),
                    ('hours', models.CharField(blank=True, max_length=60, verbose_name='办公时间')),
                ],
                options={
                    'verbose_name': '单位',
                    'verbose_name_plural': '单位',
                    'ordering': ['position', 'code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('serves__isnull', True), ('kind', 'COUNTY_SECTION'), _connector='OR'), name='only_a_county_section_serves_a_branch', violation_error_message='只有县区执法科室挂靠分局。')],
                },
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('username', models.CharField(max_length=40, unique=True, verbose_name='账号')),
                    ('full_name', models.CharField(max_length=40, verbose_name='姓名')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='邮箱')),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='accounts.unit', verbose_name='单位')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                    ('password_changed_at', models.DateTimeField(editable=False, null=True)),
                    ('must_change_password', models.BooleanField(default=False, editable=False, verbose_name='待改密码')),
                ],
                options={
                    'verbose_name': '账号',
                    'verbose_name_plural': '账号',
                },
            ),
            migrations.CreateModel(
                name='RoleGrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='accounts.unit', verbose_name='单位')),
                    ('role', models.CharField(choices=[('SUPERVISOR', '市执法队监督员'), ('LEAD_OFFICE', '牵头部门'), ('BUREAU_READER', '市局'), ('PLANNER', '计划员'), ('APPROVER', '分管负责人'), ('SECTION_HEAD', '科室负责人'), ('REGISTRAR', '名录管理员'), ('INSPECTOR', '检查人员'), ('DISCLOSURE_OFFICER', '公示员'), ('ARCHIVIST', '档案员'), ('OBSERVER', '监督'), ('ADMIN_SYSTEM', '系统管理员'), ('ADMIN_GRANTS', '授权管理员'), ('ADMIN_AUDIT', '审计管理员')], max_length=20, verbose_name='角色')),
                    ('valid_from', models.DateField(verbose_name='起始日')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日')),
                    ('document', models.CharField(max_length=100, verbose_name='任命文件')),
                    ('granted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='授权人')),
                    ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='终止时间')),
                    ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='终止原因')),
                ],
                options={
                    'verbose_name': '授权',
                    'verbose_name_plural': '授权',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'unit', 'role', 'valid_from'), name='one_grant_per_start_day', violation_error_message='这个账号在这个单位已有同一天起的同一角色。'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('role__in', ['ADMIN_SYSTEM', 'ADMIN_GRANTS', 'ADMIN_AUDIT'])), fields=('user',), name='nobody_holds_two_administrator_parts', violation_error_message='系统、授权、审计三种管理员不能由同一个账号兼任。'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='grant_does_not_end_before_it_starts', violation_error_message='截止日早于起始日。核对两个日期。'), models.CheckConstraint(condition=models.Q(('granted_by__isnull', True), models.Q(('granted_by', models.F('user')), _negated=True), _connector='OR'), name='nobody_grants_himself', violation_error_message='不能给自己授权。')],
                },
            ),
        ),
    ]
