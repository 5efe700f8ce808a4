# 更换 after a draw (七(二)-f, -g): requests, what they led to, and the rules of SSJ1 8 and 15 D8.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Replacements after a draw (SSJ1 8, 15 D5, D8) in PostgreSQL: the functions of 0002 again, each now with AMEND.

DOCUMENTS = r"""
ALTER TABLE plans_drawdocument DROP CONSTRAINT kind_is_one_that_is_kept;
ALTER TABLE plans_drawdocument ADD CONSTRAINT kind_is_one_that_is_kept
    CHECK (kind IN ('MANIFEST', 'FRAME', 'ROSTER', 'SEED', 'RESULT', 'SLIPS', 'AMEND', 'ABORT'));

CREATE OR REPLACE FUNCTION draw_document() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw; manifest plans_drawdocument; plan_status text; source record; entered text;
        head record; sealed boolean; ended boolean; amended integer; asked plans_amendmentrequest;
BEGIN
    NEW.at := sj_now();
    NEW.born := this_transaction();
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    IF NOT starts_with(NEW.text, 'SSJ1 ' || NEW.kind || E'\ndraw\t' || the_draw.draw_id || E'\n') THEN
        RAISE EXCEPTION '文书的种类或抽取编号与登记的不同' USING ERRCODE = '23514';
    END IF;
    -- A second run is a correction (SSJ1 9.1) and needs values of its own; it comes with the rule that checks them.
    IF NEW.run <> 1 OR NEW.number <> 0 AND NEW.kind NOT IN ('FRAME', 'AMEND', 'SLIPS') THEN
        RAISE EXCEPTION '一次抽取只有一次计算' USING ERRCODE = '23514';
    END IF;
    SELECT * INTO manifest FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'MANIFEST';
    sealed := manifest.id IS NOT NULL;
    ended := EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind IN ('RESULT', 'ABORT')
                     AND born <> NEW.born);

    IF NEW.kind IN ('FRAME', 'ROSTER') THEN
        IF sealed AND manifest.born <> NEW.born THEN
            RAISE EXCEPTION '名单已经封存，不能再加文书' USING ERRCODE = '23514';
        END IF;
    ELSIF NEW.kind = 'MANIFEST' THEN
        PERFORM pg_advisory_xact_lock(715150002);
        SELECT status INTO STRICT plan_status FROM plans_quarterlyplan WHERE id = the_draw.plan_id;
        IF plan_status <> 'PUBLISHED' THEN
            RAISE EXCEPTION '计划还没有公开，不能封存' USING ERRCODE = '23514';
        END IF;
        IF sealed OR the_draw.status <> 'PREPARED' THEN
            RAISE EXCEPTION '一次抽取只封存一次' USING ERRCODE = '23514';
        END IF;
        IF EXISTS (SELECT 1 FROM plans_drawdocument m JOIN plans_draw d ON d.id = m.draw_id
                   WHERE m.kind = 'MANIFEST' AND d.unit_id = the_draw.unit_id AND NOT EXISTS (
                       SELECT 1 FROM plans_drawdocument e WHERE e.draw_id = m.draw_id AND e.kind IN ('RESULT', 'ABORT'))) THEN
            RAISE EXCEPTION '本单位另有一次抽取没有结束' USING ERRCODE = '23514';  -- D4
        END IF;
        SELECT seq, link INTO head FROM plans_chainentry ORDER BY seq DESC LIMIT 1;
        IF ssj1_field(NEW.text, 'prev', 1) IS DISTINCT FROM coalesce(head.seq, 0)::text
           OR ssj1_field(NEW.text, 'prev', 2) IS DISTINCT FROM coalesce(head.link, repeat('0', 64)) THEN
            RAISE EXCEPTION '封存清单没有接在公示链末端' USING ERRCODE = '23514';
        END IF;
        IF NOT is_of_this_transaction(ssj1_field(NEW.text, 'frozen', 1)::timestamptz) THEN
            RAISE EXCEPTION '封存时间不是数据库的当前时间' USING ERRCODE = '23514';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM ssj1_lines(NEW.text, 'source')) OR EXISTS (
            SELECT 1 FROM ssj1_lines(NEW.text, 'source') WHERE fields[4]::timestamptz <= sj_now()) THEN
            RAISE EXCEPTION '公开随机源应在封存之后开出' USING ERRCODE = '23514';
        END IF;
    ELSE
        IF NOT sealed THEN RAISE EXCEPTION '还没有封存' USING ERRCODE = '23514'; END IF;
        -- A replacement: asked for by one, approved by another who is 分管负责人 of the unit, with a document number (D8).
        IF NEW.kind = 'AMEND' THEN
            PERFORM pg_advisory_xact_lock(715150002);
            SELECT count(*) INTO amended FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'AMEND';
            SELECT * INTO asked FROM plans_amendmentrequest WHERE draw_id = NEW.draw_id AND number = NEW.number;
            IF the_draw.status NOT IN ('DRAWN', 'RELEASED') OR NEW.number <> amended + 1
               OR ssj1_field(NEW.text, 'number', 1) <> NEW.number::text
               OR ssj1_field(NEW.text, 'after', 1) IS DISTINCT FROM (
                   SELECT digest FROM plans_drawdocument WHERE draw_id = NEW.draw_id
                   AND kind = CASE amended WHEN 0 THEN 'RESULT' ELSE 'AMEND' END AND number = amended)
               OR NOT is_of_this_transaction(ssj1_field(NEW.text, 'at', 1)::timestamptz) THEN
                RAISE EXCEPTION '更换只能逐次接在抽取结果之后' USING ERRCODE = '23514';
            END IF;
            IF asked.id IS NULL OR asked.status <> 'APPROVED' OR asked.decided_by_id = asked.requested_by_id
               OR asked.document_no <> ssj1_field(NEW.text, 'approve', 2)
               OR ssj1_field(NEW.text, 'approve', 1) IS DISTINCT FROM (
                   SELECT full_name FROM accounts_user WHERE id = asked.decided_by_id)
               OR NOT EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = asked.decided_by_id
                   AND g.unit_id = the_draw.unit_id AND g.role = 'APPROVER' AND g.ended_at IS NULL
                   AND g.valid_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
                   AND (g.valid_to IS NULL OR g.valid_to >= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date)) THEN
                RAISE EXCEPTION '更换要由本单位另一位分管负责人批准，写明文号' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        ELSIF NEW.kind = 'SLIPS' AND NEW.number > 0 THEN
            IF NOT EXISTS (SELECT 1 FROM plans_drawdocument a WHERE a.draw_id = NEW.draw_id AND a.kind = 'AMEND'
                           AND a.number = NEW.number AND a.born = NEW.born AND a.digest = ssj1_field(NEW.text, 'after', 1)) THEN
                RAISE EXCEPTION '到访凭证只随更换写入' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        END IF;
        IF ended THEN
            RAISE EXCEPTION '本次抽取已经结束，名单一经确定不得随意变更' USING ERRCODE = '23514';
        END IF;
        IF NEW.kind = 'ABORT' THEN
            IF EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'RESULT') THEN
                RAISE EXCEPTION '已有结果的抽取不能作废' USING ERRCODE = '23514';  -- D2
            END IF;
            RETURN NEW;
        END IF;
        -- SEED, RESULT, SLIPS (D5)
        IF the_draw.status <> 'FROZEN' THEN
            RAISE EXCEPTION '只有已封存的抽取才能写入结果' USING ERRCODE = '23514';
        END IF;
        FOR source IN SELECT n, fields FROM ssj1_lines(manifest.text, 'source') ORDER BY n LOOP
            IF source.fields[4]::timestamptz > sj_now() THEN
                RAISE EXCEPTION '“%”还没有开出', source.fields[3] USING ERRCODE = '23514';
            END IF;
            entered := draw_value_agreed(NEW.draw_id, source.n::integer);
            IF entered IS NULL THEN
                RAISE EXCEPTION '“%”还没有两人一致的录入', source.fields[3] USING ERRCODE = '23514';
            END IF;
            IF NEW.kind = 'SEED' AND NOT EXISTS (SELECT 1 FROM ssj1_lines(NEW.text, 'value') v WHERE v.n = source.n
                                                 AND v.fields = ARRAY['value', source.fields[2], entered]) THEN
                RAISE EXCEPTION '种子文书的号码不是两人录入的号码' USING ERRCODE = '23514';
            END IF;
        END LOOP;
        IF NEW.kind IN ('SEED', 'RESULT') AND ssj1_field(NEW.text, 'manifest', 1) IS DISTINCT FROM manifest.digest
           OR NEW.kind = 'RESULT' AND (
               NOT is_of_this_transaction(ssj1_field(NEW.text, 'drawn', 1)::timestamptz)
               OR NOT EXISTS (SELECT 1 FROM plans_drawdocument s WHERE s.draw_id = NEW.draw_id AND s.kind = 'SEED'
                              AND s.born = NEW.born AND s.digest = ssj1_field(NEW.text, 'seed', 1)))
           OR NEW.kind = 'SLIPS' AND NOT EXISTS (
               SELECT 1 FROM plans_drawdocument r WHERE r.draw_id = NEW.draw_id AND r.kind = 'RESULT'
               AND r.born = NEW.born AND r.digest = ssj1_field(NEW.text, 'after', 1)) THEN
            RAISE EXCEPTION '种子、结果、到访凭证应在一个事务里依次写入，前后相接' USING ERRCODE = '23514';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

COMPLETE = r"""
CREATE OR REPLACE FUNCTION draw_complete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw; wanted text[]; kept text[];
BEGIN
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id;
    IF NEW.kind IN ('FRAME', 'ROSTER') THEN
        IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'MANIFEST' AND born = NEW.born) THEN
            RAISE EXCEPTION '名单没有和封存清单一起写入' USING ERRCODE = '23514';
        END IF;
    ELSIF NEW.kind = 'MANIFEST' THEN
        SELECT array_agg(fields[3] ORDER BY n) INTO wanted FROM ssj1_lines(NEW.text, 'stratum');
        SELECT array_agg(digest::text ORDER BY number) INTO kept FROM plans_drawdocument
        WHERE draw_id = NEW.draw_id AND kind = 'FRAME';
        IF the_draw.status = 'PREPARED' OR wanted IS DISTINCT FROM kept
           OR NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'ROSTER'
                          AND digest = ssj1_field(NEW.text, 'roster', 1))
           OR NOT EXISTS (SELECT 1 FROM plans_drawsecret WHERE draw_id = NEW.draw_id)
           OR NOT EXISTS (SELECT 1 FROM plans_chainentry WHERE kind = 'FREEZE' AND doc = NEW.digest) THEN
            RAISE EXCEPTION '封存不完整：名单、人员、密封随机数和公示链应一起写入' USING ERRCODE = '23514';  -- D5, D6
        END IF;
    ELSIF NEW.kind IN ('SEED', 'SLIPS') THEN
        IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND born = NEW.born AND number = NEW.number
                       AND kind = CASE NEW.number WHEN 0 THEN 'RESULT' ELSE 'AMEND' END) THEN
            RAISE EXCEPTION '抽取不完整：缺少结果' USING ERRCODE = '23514';
        END IF;
    ELSIF NEW.kind = 'ABORT' THEN
        IF the_draw.status <> 'ABORTED' OR NOT EXISTS (SELECT 1 FROM plans_chainentry WHERE kind = 'ABORT' AND doc = NEW.digest) THEN
            RAISE EXCEPTION '作废不完整：状态和公示链应一起写入' USING ERRCODE = '23514';
        END IF;
    ELSIF NEW.kind IN ('RESULT', 'AMEND') THEN
        IF the_draw.status = 'FROZEN'
           OR NOT EXISTS (SELECT 1 FROM plans_chainentry WHERE kind = NEW.kind AND doc = NEW.digest)
           OR NOT EXISTS (SELECT 1 FROM plans_drawdocument s JOIN plans_chainentry c ON c.doc = s.digest AND c.kind = 'SLIPS'
                          WHERE s.draw_id = NEW.draw_id AND s.kind = 'SLIPS' AND s.number = NEW.number AND s.born = NEW.born) THEN
            RAISE EXCEPTION '抽取不完整：种子、结果、到访凭证和公示链应一起写入' USING ERRCODE = '23514';
        END IF;
        SELECT array_agg(l ORDER BY l COLLATE "C") INTO wanted FROM string_to_table(NEW.text, E'\n') l
        WHERE split_part(l, E'\t', 1) IN ('pick', 'dropobj', 'addobj', 'team', 'open');
        SELECT array_agg(l ORDER BY l COLLATE "C") INTO kept FROM (
            SELECT CASE NEW.number WHEN 0
                   THEN concat_ws(E'\t', 'pick', u.code || '.' || p.category, p.no, f.code, p.slot, p.ticket)
                   ELSE concat_ws(E'\t', 'addobj', u.code || '.' || p.category, f.code, p.slot, p.ticket) END AS l
            FROM plans_pick p JOIN registry_facility f ON f.id = p.facility_id JOIN accounts_unit u ON u.id = the_draw.unit_id
            WHERE p.draw_id = NEW.draw_id AND p.amendment = NEW.number
            UNION ALL
            SELECT concat_ws(E'\t', 'dropobj', u.code || '.' || p.category, f.code, d.reason)
            FROM plans_pickdrop d JOIN plans_pick p ON p.id = d.pick_id JOIN registry_facility f ON f.id = p.facility_id
            JOIN accounts_unit u ON u.id = the_draw.unit_id
            WHERE p.draw_id = NEW.draw_id AND d.amendment = NEW.number
            UNION ALL
            SELECT CASE WHEN t.open_reason <> '' THEN concat_ws(E'\t', 'open', f.code, t.open_reason,
                       (SELECT string_agg(v, E'\t' ORDER BY i) FROM jsonb_array_elements_text(t.open_counts) WITH ORDINALITY c(v, i)))
                   ELSE concat_ws(E'\t', 'team', f.code,
                       (SELECT i.code FROM plans_teammember m JOIN registry_inspector i ON i.id = m.inspector_id
                        WHERE m.team_id = t.id AND m.is_leader),
                       (SELECT string_agg(i.code, ',' ORDER BY i.code COLLATE "C") FROM plans_teammember m
                        JOIN registry_inspector i ON i.id = m.inspector_id WHERE m.team_id = t.id AND NOT m.is_leader)) END
            FROM plans_team t JOIN plans_pick p ON p.id = t.pick_id JOIN registry_facility f ON f.id = p.facility_id
            WHERE p.draw_id = NEW.draw_id AND t.amendment = NEW.number
        ) rows;
        IF wanted IS DISTINCT FROM kept THEN
            RAISE EXCEPTION '登记的抽中名单与抽取文书不同' USING ERRCODE = '23514';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""

CHAIN = r"""
CREATE OR REPLACE FUNCTION chain_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last plans_chainentry; the_draw plans_draw; doc plans_drawdocument;
BEGIN
    PERFORM pg_advisory_xact_lock(715150002);
    SELECT * INTO last FROM plans_chainentry ORDER BY seq DESC LIMIT 1;
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id;
    IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.prev <> coalesce(last.link, repeat('0', 64)) THEN
        RAISE EXCEPTION '公示链只能逐条相接' USING ERRCODE = '23514';
    END IF;
    IF NEW.text <> concat(E'SSJ1 CHAIN\nseq\t', NEW.seq, E'\nprev\t', NEW.prev, E'\nkind\t', NEW.kind, E'\ndraw\t', the_draw.draw_id,
                          E'\ndoc\t', NEW.doc, E'\nat\t', ssj1_time(NEW.at), E'\nend\t6\n')
       OR NEW.link <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION '公示链条目的文本或链环不对' USING ERRCODE = '23514';
    END IF;
    IF NEW.at < last.at OR NOT is_of_this_transaction(NEW.at) THEN
        RAISE EXCEPTION '公示链的时间是数据库的当前时间，不能倒退' USING ERRCODE = '23514';
    END IF;
    SELECT * INTO doc FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND digest = NEW.doc AND born = this_transaction()
        AND kind = CASE NEW.kind WHEN 'FREEZE' THEN 'MANIFEST' ELSE NEW.kind END;
    IF doc.id IS NULL OR NEW.kind NOT IN ('FREEZE', 'RESULT', 'AMEND', 'SLIPS', 'ABORT')
       OR NEW.kind = 'FREEZE' AND ssj1_field(doc.text, 'frozen', 1) <> ssj1_time(NEW.at)
       OR NEW.kind = 'FREEZE' AND ssj1_field(doc.text, 'prev', 1) <> (NEW.seq - 1)::text
       OR NEW.kind = 'RESULT' AND ssj1_field(doc.text, 'drawn', 1) <> ssj1_time(NEW.at)
       OR NEW.kind IN ('ABORT', 'AMEND') AND ssj1_field(doc.text, 'at', 1) <> ssj1_time(NEW.at)
       OR NEW.kind = 'SLIPS' AND (last.kind, last.doc, last.at) IS DISTINCT FROM
           (CASE doc.number WHEN 0 THEN 'RESULT' ELSE 'AMEND' END, ssj1_field(doc.text, 'after', 1), NEW.at) THEN
        RAISE EXCEPTION '公示链条目只随它的文书写入，时间与文书相同' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
"""

REST = r"""
CREATE OR REPLACE FUNCTION draw_names() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw bigint; nth integer;
BEGIN
    IF TG_TABLE_NAME = 'plans_pick' THEN
        the_draw := NEW.draw_id;
        nth := NEW.amendment;
    ELSIF TG_TABLE_NAME IN ('plans_team', 'plans_pickdrop') THEN
        SELECT draw_id INTO the_draw FROM plans_pick WHERE id = NEW.pick_id;
        nth := NEW.amendment;
    ELSE
        SELECT p.draw_id, t.amendment INTO the_draw, nth FROM plans_team t JOIN plans_pick p ON p.id = t.pick_id WHERE t.id = NEW.team_id;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = the_draw AND number = nth AND born = this_transaction()
                   AND kind = CASE nth WHEN 0 THEN 'RESULT' ELSE 'AMEND' END) THEN
        RAISE EXCEPTION '抽中名单只随抽取结果和经批准的更换写入，不得随意变更' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_names BEFORE INSERT ON plans_pickdrop FOR EACH ROW EXECUTE FUNCTION draw_names();
ALTER TABLE plans_pickdrop ENABLE ALWAYS TRIGGER draw_names;

-- A request is decided once; who asked for what, and why, never changes.
CREATE FUNCTION amendment_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'REQUESTED' OR NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION '更换先申请，再由另一人批准' USING ERRCODE = '23514';
        END IF;
        NEW.requested_at := sj_now();
        RETURN NEW;
    END IF;
    IF OLD.status <> 'REQUESTED' OR (NEW.id, NEW.draw_id, NEW.reason, NEW.inspector_id, NEW.evidence, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM (OLD.id, OLD.draw_id, OLD.reason, OLD.inspector_id, OLD.evidence, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION '更换申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER amendment_request BEFORE INSERT OR UPDATE ON plans_amendmentrequest FOR EACH ROW EXECUTE FUNCTION amendment_request();
ALTER TABLE plans_amendmentrequest ENABLE ALWAYS TRIGGER amendment_request;
-- Which objects it is about is written with it, before it is decided.
CREATE FUNCTION amendment_picks() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM plans_amendmentrequest r JOIN plans_pick p ON p.draw_id = r.draw_id
                   WHERE r.id = NEW.amendmentrequest_id AND p.id = NEW.pick_id AND r.status = 'REQUESTED') THEN
        RAISE EXCEPTION '更换申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER amendment_picks BEFORE INSERT ON plans_amendmentrequest_picks FOR EACH ROW EXECUTE FUNCTION amendment_picks();
ALTER TABLE plans_amendmentrequest_picks ENABLE ALWAYS TRIGGER amendment_picks;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0006_approved_strata'),
        ('registry', '0009_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AmendmentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('O_HALT', '企业停产停业'), ('O_CLOSED', '企业注销关闭'), ('O_MOVED', '企业迁出辖区'), ('O_ORDER', '上级指令不查这家企业'), ('O_NOTDONE', '季末没有查完，不再补入'), ('I_RECUSE', '检查人员应当回避'), ('I_LEAVE', '检查人员请假'), ('I_DUTY', '检查人员有其他公务'), ('I_NOCERT', '检查人员的执法证到期或被收回'), ('J_JOIN', '增派检查人员')], max_length=10, verbose_name='原因')),
                ('evidence', models.CharField(max_length=300, verbose_name='情况和证明材料')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('status', models.CharField(choices=[('REQUESTED', '待批准'), ('APPROVED', '已批准'), ('REJECTED', '未批准')], default='REQUESTED', max_length=9, verbose_name='状态')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='批准时间')),
                ('document_no', models.CharField(blank=True, max_length=60, verbose_name='批准文号')),
                ('opinion', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                ('number', models.PositiveIntegerField(null=True, verbose_name='第几次更换')),
            ],
            options={
                'verbose_name': '更换申请',
                'verbose_name_plural': '更换申请',
                'ordering': ['-requested_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PickDrop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amendment', models.PositiveIntegerField(verbose_name='第几次更换')),
                ('reason', models.CharField(max_length=8, verbose_name='原因')),
            ],
            options={
                'verbose_name': '换下的对象',
                'verbose_name_plural': '换下的对象',
            },
        ),
        migrations.AddField(
            model_name='pick',
            name='amendment',
            field=models.PositiveIntegerField(default=0, verbose_name='第几次更换补入'),
        ),
        migrations.AddField(
            model_name='team',
            name='amendment',
            field=models.PositiveIntegerField(default=0, verbose_name='第几次更换'),
        ),
        migrations.AlterField(
            model_name='team',
            name='pick',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='plans.pick'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('pick', 'amendment'), name='one_team_of_a_pick_per_amendment'),
        ),
        migrations.AddField(
            model_name='amendmentrequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人'),
        ),
        migrations.AddField(
            model_name='amendmentrequest',
            name='draw',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendment_requests', to='plans.draw', verbose_name='抽取'),
        ),
        migrations.AddField(
            model_name='amendmentrequest',
            name='inspector',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.inspector', verbose_name='检查人员'),
        ),
        migrations.AddField(
            model_name='amendmentrequest',
            name='picks',
            field=models.ManyToManyField(related_name='+', to='plans.pick', verbose_name='检查对象'),
        ),
        migrations.AddField(
            model_name='amendmentrequest',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人'),
        ),
        migrations.AddField(
            model_name='pickdrop',
            name='pick',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='drop', to='plans.pick'),
        ),
        migrations.AddConstraint(
            model_name='amendmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('requested_by')), _negated=True), _connector='OR'), name='amendment_is_not_decided_by_who_asked', violation_error_message='申请和批准不能是同一个人，由另一位分管负责人批准。'),
        ),
        migrations.AddConstraint(
            model_name='amendmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('number__isnull', False), ('status', 'APPROVED'), models.Q(('document_no', ''), _negated=True)), models.Q(models.Q(('status', 'APPROVED'), _negated=True), ('number__isnull', True)), _connector='OR'), name='approved_amendment_has_number_and_document', violation_error_message='批准更换要有次序、批准人和文号。'),
        ),
        migrations.AddConstraint(
            model_name='amendmentrequest',
            constraint=models.UniqueConstraint(fields=('draw', 'number'), name='one_request_per_amendment', violation_error_message='这一次更换已经办理。重新打开页面看最新的情况。'),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DOCUMENTS, COMPLETE, CHAIN, REST)),
    ]
