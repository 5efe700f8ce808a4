# Corrections of wrongly typed public values (SSJ1 9.1, 14.4, 15 D2, D5) in PostgreSQL: a further run of a draw needs an
# approved correction of its own, typed alike by two people; the functions of 0007 and 0015 again, each now by run.

from django.db import migrations

VALUES = r"""
-- As before, without the entries of corrections: those count when their correction is approved.
CREATE OR REPLACE FUNCTION draw_value_agreed(the_draw bigint, the_position integer) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(*) = 1 THEN min(value) END FROM (
        SELECT value FROM (
            SELECT DISTINCT ON (entered_by_id) value FROM plans_valueentry
            WHERE draw_id = the_draw AND position = the_position AND correction_id IS NULL ORDER BY entered_by_id, id DESC
        ) latest GROUP BY value HAVING count(*) >= 2
    ) agreed
$$;
-- The value that holds: that of the last approved correction about this source (before another one), or what was agreed.
CREATE FUNCTION draw_value_valid(the_draw bigint, the_position integer, before_correction bigint DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(
        (SELECT e.value FROM plans_valueentry e JOIN plans_correctionrequest c ON c.id = e.correction_id
         WHERE e.draw_id = the_draw AND e.position = the_position AND c.status = 'APPROVED'
           AND (before_correction IS NULL OR c.id < before_correction)
         ORDER BY c.id DESC LIMIT 1),
        draw_value_agreed(the_draw, the_position))
$$;

-- What people typed: only for an announced source, only once it is due, and not after two have agreed. With a correction:
-- while it waits for its decision, for a source that two have agreed on.
CREATE OR REPLACE FUNCTION draw_value() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw; due timestamptz;
BEGIN
    NEW.entered_at := sj_now();
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    SELECT s.fields[4]::timestamptz INTO due FROM plans_drawdocument m, ssj1_lines(m.text, 'source') s
    WHERE m.draw_id = NEW.draw_id AND m.kind = 'MANIFEST' AND s.n = NEW.position;
    IF NEW.correction_id IS NOT NULL THEN
        IF draw_value_agreed(NEW.draw_id, NEW.position) IS NULL OR NOT EXISTS (
               SELECT 1 FROM plans_correctionrequest c
               WHERE c.id = NEW.correction_id AND c.draw_id = NEW.draw_id AND c.status = 'REQUESTED') THEN
            RAISE EXCEPTION '更正的号码只随等批准的更正申请录入' USING ERRCODE = '23514';
        END IF;
    ELSIF the_draw.status <> 'FROZEN' OR due IS NULL OR due > sj_now()
       OR draw_value_agreed(NEW.draw_id, NEW.position) IS NOT NULL THEN
        RAISE EXCEPTION '这项公开随机源现在不能录入' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
"""

REQUESTS = r"""
CREATE FUNCTION decides_corrections(the_user bigint, the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT leads_unit(the_user, the_unit) OR EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = the_user
        AND g.role = 'SUPERVISOR' AND g.ended_at IS NULL
        AND g.valid_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (g.valid_to IS NULL OR g.valid_to >= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date))
$$;

-- Asked for by one, approved by another who had no hand in the wrong value, each having typed the right one; decided once.
CREATE FUNCTION correction_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw;
BEGIN
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'REQUESTED' OR NEW.decided_by_id IS NOT NULL
           OR the_draw.status NOT IN ('FROZEN', 'DRAWN', 'RELEASED') THEN
            RAISE EXCEPTION '更正先申请，再由另一人批准' USING ERRCODE = '23514';
        END IF;
        NEW.requested_at := sj_now();
        RETURN NEW;
    END IF;
    IF OLD.status <> 'REQUESTED'
       OR (NEW.id, NEW.draw_id, NEW.reason, NEW.evidence, NEW.scan_id, NEW.requested_by_id, NEW.requested_at) IS DISTINCT FROM
          (OLD.id, OLD.draw_id, OLD.reason, OLD.evidence, OLD.scan_id, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION '更正申请不能修改' USING ERRCODE = '23514';
    END IF;
    IF NEW.status <> 'APPROVED' THEN RETURN NEW; END IF;
    NEW.decided_at := sj_now();
    IF the_draw.status NOT IN ('FROZEN', 'DRAWN', 'RELEASED')
       OR NEW.run IS DISTINCT FROM (CASE the_draw.status WHEN 'FROZEN' THEN 1 ELSE the_draw.run + 1 END) THEN
        RAISE EXCEPTION '更正只能接在这次抽取最后一次计算之后' USING ERRCODE = '23514';
    END IF;
    IF NEW.decided_by_id IS NULL OR NEW.decided_by_id = NEW.requested_by_id
       OR NOT decides_corrections(NEW.decided_by_id, the_draw.unit_id) THEN
        RAISE EXCEPTION '更正要由另一位本单位分管负责人或市执法队监督员批准' USING ERRCODE = '23514';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM plans_valueentry WHERE correction_id = NEW.id) OR EXISTS (
           SELECT 1 FROM plans_valueentry WHERE correction_id = NEW.id GROUP BY position
           HAVING count(*) <> 2 OR min(value) <> max(value)
               OR NOT bool_or(entered_by_id = NEW.requested_by_id) OR NOT bool_or(entered_by_id = NEW.decided_by_id)
               OR min(value) = draw_value_valid(NEW.draw_id, position, NEW.id)) THEN
        RAISE EXCEPTION '更正的号码要由申请人和批准人各自录入，两人一致，与原来的不同' USING ERRCODE = '23514';  -- D5
    END IF;
    IF EXISTS (SELECT 1 FROM plans_valueentry mine JOIN plans_valueentry wrong
               ON wrong.draw_id = mine.draw_id AND wrong.position = mine.position AND wrong.entered_by_id = NEW.decided_by_id
               WHERE mine.correction_id = NEW.id AND wrong.value = draw_value_valid(NEW.draw_id, mine.position, NEW.id)) THEN
        RAISE EXCEPTION '录错号码的人不能批准更正' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_request BEFORE INSERT OR UPDATE ON plans_correctionrequest
    FOR EACH ROW EXECUTE FUNCTION correction_request();
ALTER TABLE plans_correctionrequest ENABLE ALWAYS TRIGGER correction_request;

-- At commit: what was drawn with the wrong values has been computed anew with the right ones.
CREATE FUNCTION correction_complete() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'SEED' AND run = NEW.run
                   AND born = this_transaction()) THEN
        RAISE EXCEPTION '更正不完整：种子和结果应一起写入' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER correction_complete AFTER UPDATE ON plans_correctionrequest DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'APPROVED' AND NEW.run > 1) EXECUTE FUNCTION correction_complete();
ALTER TABLE plans_correctionrequest ENABLE ALWAYS TRIGGER correction_complete;

-- The run that holds moves on by one, with the RESULT of that run.
CREATE FUNCTION draw_run() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.run = 1 THEN RETURN NEW; END IF;
    ELSIF NEW.run = OLD.run THEN
        RETURN NEW;
    ELSIF NEW.run = OLD.run + 1 AND NEW.status = OLD.status AND EXISTS (
        SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.id AND kind = 'RESULT' AND run = NEW.run
        AND born = this_transaction()) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '第几次计算只随更正的结果加一' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER draw_run BEFORE INSERT OR UPDATE ON plans_draw FOR EACH ROW EXECUTE FUNCTION draw_run();
ALTER TABLE plans_draw ENABLE ALWAYS TRIGGER draw_run;
"""

DOCUMENTS = r"""
CREATE OR REPLACE FUNCTION draw_document() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw; manifest plans_drawdocument; plan_status text; source record; entered text;
        head record; sealed boolean; ended boolean; amended integer; asked plans_amendmentrequest;
        fixed plans_correctionrequest;
BEGIN
    NEW.at := sj_now();
    NEW.born := this_transaction();
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    IF NOT starts_with(NEW.text, 'SSJ1 ' || NEW.kind || E'\ndraw\t' || the_draw.draw_id || E'\n') THEN
        RAISE EXCEPTION '文书的种类或抽取编号与登记的不同' USING ERRCODE = '23514';
    END IF;
    -- A further run is a correction (SSJ1 9.1): values and what follows from them, never another list or another seal.
    IF NEW.run <> 1 AND NEW.kind NOT IN ('SEED', 'RESULT', 'SLIPS', 'AMEND')
       OR NEW.number <> 0 AND NEW.kind NOT IN ('FRAME', 'AMEND', 'SLIPS') THEN
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
            SELECT count(*) INTO amended FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'AMEND' AND run = NEW.run;
            SELECT * INTO asked FROM plans_amendmentrequest
            WHERE draw_id = NEW.draw_id AND run = NEW.run AND number = NEW.number;
            IF the_draw.status NOT IN ('DRAWN', 'RELEASED') OR NEW.run <> the_draw.run OR NEW.number <> amended + 1
               OR ssj1_field(NEW.text, 'number', 1) <> NEW.number::text
               OR ssj1_field(NEW.text, 'after', 1) IS DISTINCT FROM (
                   SELECT digest FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND run = NEW.run
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
                           AND a.run = NEW.run AND a.number = NEW.number AND a.born = NEW.born AND a.digest = ssj1_field(NEW.text, 'after', 1)) THEN
                RAISE EXCEPTION '到访凭证只随更换写入' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        END IF;
        IF ended AND NEW.run = 1 THEN
            RAISE EXCEPTION '本次抽取已经结束，名单一经确定不得随意变更' USING ERRCODE = '23514';
        END IF;
        IF NEW.kind = 'ABORT' THEN
            IF EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'RESULT') THEN
                RAISE EXCEPTION '已有结果的抽取不能作废' USING ERRCODE = '23514';  -- D2
            END IF;
            RETURN NEW;
        END IF;
        -- SEED, RESULT, SLIPS (D5)
        IF NEW.run = 1 AND the_draw.status <> 'FROZEN' THEN
            RAISE EXCEPTION '只有已封存的抽取才能写入结果' USING ERRCODE = '23514';
        END IF;
        IF NEW.run > 1 THEN
            -- Behind each further run stands its own approved correction; `correction_complete` sees that none is used twice.
            SELECT * INTO fixed FROM plans_correctionrequest
            WHERE draw_id = NEW.draw_id AND run = NEW.run AND status = 'APPROVED';
            IF fixed.id IS NULL OR the_draw.status NOT IN ('DRAWN', 'RELEASED') OR NEW.run <> the_draw.run + 1 THEN
                RAISE EXCEPTION '再次计算只能随经批准的更正，一次更正计算一次' USING ERRCODE = '23514';
            END IF;
            IF NEW.kind = 'SEED' AND NEW.digest = (SELECT digest FROM plans_drawdocument WHERE draw_id = NEW.draw_id
                                                   AND kind = 'SEED' AND run = the_draw.run) THEN
                RAISE EXCEPTION '更正后的号码与更正前相同' USING ERRCODE = '23514';  -- D2
            END IF;
        END IF;
        FOR source IN SELECT n, fields FROM ssj1_lines(manifest.text, 'source') ORDER BY n LOOP
            IF source.fields[4]::timestamptz > sj_now() THEN
                RAISE EXCEPTION '“%”还没有开出', source.fields[3] USING ERRCODE = '23514';
            END IF;
            entered := draw_value_valid(NEW.draw_id, source.n::integer);
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
                              AND s.run = NEW.run AND s.born = NEW.born AND s.digest = ssj1_field(NEW.text, 'seed', 1)))
           OR NEW.kind = 'SLIPS' AND NOT EXISTS (
               SELECT 1 FROM plans_drawdocument r WHERE r.draw_id = NEW.draw_id AND r.kind = 'RESULT'
               AND r.run = NEW.run AND r.born = NEW.born AND r.digest = ssj1_field(NEW.text, 'after', 1)) THEN
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
        IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND born = NEW.born AND run = NEW.run
                       AND number = NEW.number AND kind = CASE NEW.number WHEN 0 THEN 'RESULT' ELSE 'AMEND' END) THEN
            RAISE EXCEPTION '抽取不完整：缺少结果' USING ERRCODE = '23514';
        END IF;
    ELSIF NEW.kind = 'ABORT' THEN
        IF the_draw.status <> 'ABORTED' OR NOT EXISTS (SELECT 1 FROM plans_chainentry WHERE kind = 'ABORT' AND doc = NEW.digest) THEN
            RAISE EXCEPTION '作废不完整：状态和公示链应一起写入' USING ERRCODE = '23514';
        END IF;
    ELSIF NEW.kind IN ('RESULT', 'AMEND') THEN
        IF the_draw.status = 'FROZEN' OR the_draw.run < NEW.run
           OR NOT EXISTS (SELECT 1 FROM plans_chainentry WHERE kind = NEW.kind AND doc = NEW.digest)
           OR NOT EXISTS (SELECT 1 FROM plans_drawdocument s JOIN plans_chainentry c ON c.doc = s.digest AND c.kind = 'SLIPS'
                          WHERE s.draw_id = NEW.draw_id AND s.kind = 'SLIPS' AND s.run = NEW.run AND s.number = NEW.number AND s.born = NEW.born) THEN
            RAISE EXCEPTION '抽取不完整：种子、结果、到访凭证和公示链应一起写入' USING ERRCODE = '23514';
        END IF;
        SELECT array_agg(l ORDER BY l COLLATE "C") INTO wanted FROM string_to_table(NEW.text, E'\n') l
        WHERE split_part(l, E'\t', 1) IN ('pick', 'dropobj', 'addobj', 'team', 'open');
        SELECT array_agg(l ORDER BY l COLLATE "C") INTO kept FROM (
            SELECT CASE NEW.number WHEN 0
                   THEN concat_ws(E'\t', 'pick', u.code || '.' || p.category, p.no, f.code, p.slot, p.ticket)
                   ELSE concat_ws(E'\t', 'addobj', u.code || '.' || p.category, f.code, p.slot, p.ticket) END AS l
            FROM plans_pick p JOIN registry_facility f ON f.id = p.facility_id JOIN accounts_unit u ON u.id = the_draw.unit_id
            WHERE p.draw_id = NEW.draw_id AND p.run = NEW.run AND p.amendment = NEW.number
            UNION ALL
            SELECT concat_ws(E'\t', 'dropobj', u.code || '.' || p.category, f.code, d.reason)
            FROM plans_pickdrop d JOIN plans_pick p ON p.id = d.pick_id JOIN registry_facility f ON f.id = p.facility_id
            JOIN accounts_unit u ON u.id = the_draw.unit_id
            WHERE p.draw_id = NEW.draw_id AND p.run = NEW.run AND d.amendment = NEW.number
            UNION ALL
            SELECT CASE WHEN t.open_reason <> '' THEN concat_ws(E'\t', 'open', f.code, t.open_reason,
                       (SELECT string_agg(v, E'\t' ORDER BY i) FROM jsonb_array_elements_text(t.open_counts) WITH ORDINALITY c(v, i)))
                   ELSE concat_ws(E'\t', 'team', f.code,
                       (SELECT i.code FROM plans_teammember m JOIN registry_inspector i ON i.id = m.inspector_id
                        WHERE m.team_id = t.id AND m.is_leader),
                       (SELECT string_agg(i.code, ',' ORDER BY i.code COLLATE "C") FROM plans_teammember m
                        JOIN registry_inspector i ON i.id = m.inspector_id WHERE m.team_id = t.id AND NOT m.is_leader)) END
            FROM plans_team t JOIN plans_pick p ON p.id = t.pick_id JOIN registry_facility f ON f.id = p.facility_id
            WHERE p.draw_id = NEW.draw_id AND p.run = NEW.run AND t.amendment = NEW.number
        ) rows;
        IF wanted IS DISTINCT FROM kept THEN
            RAISE EXCEPTION '登记的抽中名单与抽取文书不同' USING ERRCODE = '23514';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""

NAMES = r"""
CREATE OR REPLACE FUNCTION draw_names() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw bigint; the_run integer; nth integer;
BEGIN
    IF TG_TABLE_NAME = 'plans_pick' THEN
        the_draw := NEW.draw_id;
        the_run := NEW.run;
        nth := NEW.amendment;
    ELSIF TG_TABLE_NAME IN ('plans_team', 'plans_pickdrop') THEN
        SELECT draw_id, run INTO the_draw, the_run FROM plans_pick WHERE id = NEW.pick_id;
        nth := NEW.amendment;
    ELSE
        SELECT p.draw_id, p.run, t.amendment INTO the_draw, the_run, nth
        FROM plans_team t JOIN plans_pick p ON p.id = t.pick_id WHERE t.id = NEW.team_id;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = the_draw AND run = the_run AND number = nth AND born = this_transaction()
                   AND kind = CASE nth WHEN 0 THEN 'RESULT' ELSE 'AMEND' END) THEN
        RAISE EXCEPTION '抽中名单只随抽取结果和经批准的更换写入，不得随意变更' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
"""

AMENDMENTS = r"""
-- A request is decided once; who asked for what, and why, never changes.
CREATE OR REPLACE FUNCTION amendment_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'REQUESTED' OR NEW.decided_by_id IS NOT NULL
           OR NEW.run <> (SELECT d.run FROM plans_draw d WHERE d.id = NEW.draw_id) THEN
            RAISE EXCEPTION '更换先申请，再由另一人批准' USING ERRCODE = '23514';
        END IF;
        NEW.requested_at := sj_now();
        RETURN NEW;
    END IF;
    IF OLD.status <> 'REQUESTED' OR (NEW.id, NEW.draw_id, NEW.run, NEW.reason, NEW.inspector_id, NEW.evidence, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM (OLD.id, OLD.draw_id, OLD.run, OLD.reason, OLD.inspector_id, OLD.evidence, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION '更换申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
-- Which objects it is about is written with it, before it is decided.
CREATE OR REPLACE FUNCTION amendment_picks() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM plans_amendmentrequest r JOIN plans_pick p ON p.draw_id = r.draw_id AND p.run = r.run
                   WHERE r.id = NEW.amendmentrequest_id AND p.id = NEW.pick_id AND r.status = 'REQUESTED') THEN
        RAISE EXCEPTION '更换申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION draw_document_amend() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE asked plans_amendmentrequest; wanted text[]; given text[];
BEGIN
    SELECT * INTO STRICT asked FROM plans_amendmentrequest WHERE draw_id = NEW.draw_id AND run = NEW.run AND number = NEW.number;
    SELECT array_agg(l ORDER BY l COLLATE "C") INTO wanted FROM (
        SELECT CASE left(asked.reason, 1)
               WHEN 'O' THEN concat_ws(E'\t', 'dropobj', u.code || '.' || p.category, f.code, substr(asked.reason, 3))
               ELSE concat_ws(E'\t', 'dropinsp', f.code, i.code, substr(asked.reason, 3)) END AS l
        FROM plans_amendmentrequest_picks a JOIN plans_pick p ON p.id = a.pick_id JOIN registry_facility f ON f.id = p.facility_id
        JOIN plans_draw d ON d.id = p.draw_id JOIN accounts_unit u ON u.id = d.unit_id
        LEFT JOIN registry_inspector i ON i.id = asked.inspector_id
        WHERE a.amendmentrequest_id = asked.id AND left(asked.reason, 1) IN ('O', 'I')
        UNION ALL
        SELECT concat_ws(E'\t', 'join', i.code) FROM registry_inspector i
        WHERE i.id = asked.inspector_id AND left(asked.reason, 1) = 'J'
    ) lines;
    SELECT array_agg(l ORDER BY l COLLATE "C") INTO given FROM (
        SELECT array_to_string(fields, E'\t') AS l FROM ssj1_lines(NEW.text, 'dropobj')
        UNION ALL SELECT array_to_string(fields, E'\t') FROM ssj1_lines(NEW.text, 'dropinsp')
        UNION ALL SELECT concat_ws(E'\t', 'join', fields[2]) FROM ssj1_lines(NEW.text, 'join')
    ) lines;
    IF wanted IS DISTINCT FROM given THEN
        RAISE EXCEPTION '更换的对象、人员和原因应与批准的申请相同' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
"""

VIEWS = r"""
CREATE OR REPLACE VIEW plans_public_value AS
    SELECT min(e.id) AS id, d.draw_id, e.position, draw_value_valid(e.draw_id, e.position) AS value
    FROM plans_valueentry e JOIN plans_draw d ON d.id = e.draw_id
    GROUP BY d.draw_id, e.draw_id, e.position
    HAVING draw_value_valid(e.draw_id, e.position) IS NOT NULL;

-- A correction is public at once, with both values: they are public anyway, and say nothing about who is drawn.
CREATE VIEW plans_public_correction AS
    SELECT e.id, d.draw_id, c.run, e.position, draw_value_valid(e.draw_id, e.position, c.id) AS was, e.value,
           c.reason, c.evidence, u.full_name AS person, c.document_no AS document, c.decided_at AS at
    FROM plans_correctionrequest c JOIN plans_draw d ON d.id = c.draw_id JOIN accounts_user u ON u.id = c.decided_by_id
    JOIN plans_valueentry e ON e.correction_id = c.id AND e.entered_by_id = c.decided_by_id
    WHERE c.status = 'APPROVED';
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0020_corrections")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (VALUES, REQUESTS, DOCUMENTS, COMPLETE, NAMES, AMENDMENTS, VIEWS)
    ]
