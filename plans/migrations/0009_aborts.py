# 作废 of a sealed draw: its requests, and the rules of SSJ1 9.2 in PostgreSQL.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A trigger of its own beside `draw_document`, which it follows by its name.
ABORT = r"""
CREATE FUNCTION leads_unit(the_user bigint, the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = the_user AND g.unit_id = the_unit
        AND g.role = 'APPROVER' AND g.ended_at IS NULL
        AND g.valid_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (g.valid_to IS NULL OR g.valid_to >= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date))
$$;

CREATE FUNCTION draw_document_abort() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw; manifest plans_drawdocument; asked plans_abortrequest; opened text; missing integer[];
BEGIN
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id;
    SELECT * INTO STRICT manifest FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'MANIFEST';
    opened := ssj1_field(NEW.text, 'secret', 1);
    IF opened IS NULL OR opened <> '-' AND encode(sha256(convert_to(
           concat('SSJ1|C|', the_draw.draw_id, '|', opened), 'UTF8')), 'hex') IS DISTINCT FROM ssj1_field(manifest.text, 'commit', 1) THEN
        RAISE EXCEPTION '密封随机数与封存时公布的指纹不符' USING ERRCODE = '23514';
    END IF;
    IF NEW.kind = 'SEED' THEN RETURN NEW; END IF;

    SELECT * INTO asked FROM plans_abortrequest WHERE draw_id = NEW.draw_id AND status = 'APPROVED';
    IF asked.id IS NULL OR asked.decided_by_id = asked.requested_by_id
       OR asked.document_no <> ssj1_field(NEW.text, 'approve', 2)
       OR asked.reason IS DISTINCT FROM ssj1_field(NEW.text, 'reason', 1)
       OR ssj1_field(NEW.text, 'approve', 1) IS DISTINCT FROM (SELECT full_name FROM accounts_user WHERE id = asked.decided_by_id)
       OR NOT leads_unit(asked.decided_by_id, the_draw.unit_id) THEN
        RAISE EXCEPTION '作废要由一人申请、另一位本单位分管负责人批准，写明原因和文号' USING ERRCODE = '23514';
    END IF;
    IF ssj1_field(NEW.text, 'manifest', 1) IS DISTINCT FROM manifest.digest
       OR NOT is_of_this_transaction(ssj1_field(NEW.text, 'at', 1)::timestamptz) THEN
        RAISE EXCEPTION '作废记录与封存清单或数据库的当前时间不符' USING ERRCODE = '23514';
    END IF;
    SELECT coalesce(array_agg(fields[2]::integer ORDER BY n), '{}') INTO missing FROM ssj1_lines(NEW.text, 'missing');
    IF missing IS DISTINCT FROM coalesce((SELECT array_agg(v::integer ORDER BY i)
           FROM jsonb_array_elements_text(asked.missing) WITH ORDINALITY m(v, i)), '{}')
       OR EXISTS (SELECT 1 FROM unnest(missing) place WHERE draw_value_agreed(NEW.draw_id, place) IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM ssj1_lines(manifest.text, 'source') s WHERE s.n = place AND s.fields[4]::timestamptz <= sj_now())) THEN
        RAISE EXCEPTION '作废记录所列未开出的来源不对' USING ERRCODE = '23514';
    END IF;
    IF opened <> '-' AND missing = '{}' AND NOT EXISTS (
           SELECT 1 FROM ssj1_lines(manifest.text, 'source') WHERE fields[4]::timestamptz > sj_now()) THEN
        RAISE EXCEPTION '结果已经确定，不得作废重抽' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_document_abort BEFORE INSERT ON plans_drawdocument FOR EACH ROW
    WHEN (NEW.kind IN ('SEED', 'ABORT')) EXECUTE FUNCTION draw_document_abort();
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER draw_document_abort;

-- With the ABORT everything of the draw is public but what never came about (SSJ1 11): the roster too.
CREATE OR REPLACE VIEW plans_public_document AS
    SELECT x.id, d.draw_id, d.unit_id, d.year, d.number AS quarter, d.serial, x.kind, x.run, x.number, x.text, x.digest, x.at
    FROM plans_drawdocument x JOIN plans_draw d ON d.id = x.draw_id
    WHERE x.kind IN ('MANIFEST', 'FRAME', 'SLIPS', 'ABORT')
       OR EXISTS (SELECT 1 FROM plans_drawrelease r WHERE r.draw_id = x.draw_id)
       OR x.kind = 'ROSTER' AND EXISTS (SELECT 1 FROM plans_drawdocument a WHERE a.draw_id = x.draw_id AND a.kind = 'ABORT');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0008_draw_registry_audits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AbortRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='原因')),
                ('evidence', models.CharField(max_length=300, verbose_name='证明材料')),
                ('missing', models.JSONField(default=list, verbose_name='没有开出的来源')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('status', models.CharField(choices=[('REQUESTED', '待批准'), ('APPROVED', '已批准'), ('REJECTED', '未批准')], default='REQUESTED', max_length=9, verbose_name='状态')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='批准时间')),
                ('document_no', models.CharField(blank=True, max_length=60, verbose_name='批准文号')),
                ('opinion', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='abort_requests', to='plans.draw', verbose_name='抽取')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
            ],
            options={
                'verbose_name': '作废申请',
                'verbose_name_plural': '作废申请',
                'ordering': ['-requested_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('requested_by')), _negated=True), _connector='OR'), name='abort_is_not_decided_by_who_asked', violation_error_message='申请和批准不能是同一个人，由另一位分管负责人批准。'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'APPROVED'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('document_no', ''), _negated=True)), _connector='OR'), name='approved_abort_has_approver_and_document', violation_error_message='批准作废要有批准人和文号。'), models.UniqueConstraint(condition=models.Q(('status__in', ['REQUESTED', 'APPROVED'])), fields=('draw',), name='one_abort_request_at_a_time', violation_error_message='这次抽取已有一份作废申请。重新打开页面看最新的情况。')],
            },
        ),
        migrations.RunSQL(ABORT, migrations.RunSQL.noop),
    ]
