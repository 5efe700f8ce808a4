-- SSJ1 15 in PostgreSQL: what the application's own login cannot do with a draw, whatever the code above it says
-- (七(二) 一经确定，不得随意变更). Every trigger is ALWAYS, so it also holds when a session calls itself a replica
-- (reliability.md 5.1). Rights and the refusal of UPDATE, DELETE and TRUNCATE come from the manifest in `rights.py`.
-- Triggers of one table run in the order of their names; rooms that come after the draw lay theirs beside these.
-- needs plans/draw/values.sql

-- A draw begins PREPARED, for a published plan, with the next serial number, and moves only forward, each step with its
-- document in the same transaction (SSJ1 14.1; 七(二) 一经确定，不得随意变更).
CREATE OR REPLACE FUNCTION draw_states() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE plan plans_quarterlyplan; unit_code text; doc plans_drawdocument;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO STRICT plan FROM plans_quarterlyplan WHERE id = NEW.plan_id;
        SELECT code INTO STRICT unit_code FROM accounts_unit WHERE id = NEW.unit_id;
        IF plan.status <> 'PUBLISHED' THEN
            RAISE EXCEPTION '计划还没有公开，不能抽取' USING ERRCODE = '23514';
        END IF;
        IF NEW.status <> 'PREPARED' OR NEW.sealed_by_id IS NOT NULL OR NEW.frozen_at IS NOT NULL
           OR NEW.held_by_id IS NOT NULL OR NEW.drawn_at IS NOT NULL OR NEW.released_at IS NOT NULL
           OR (NEW.unit_id, NEW.year, NEW.number) IS DISTINCT FROM (plan.unit_id, plan.year, plan.number)
           OR NEW.serial <> 1 + coalesce((SELECT max(d.serial) FROM plans_draw d
               WHERE (d.unit_id, d.year, d.number) = (NEW.unit_id, NEW.year, NEW.number)), 0)
           OR NEW.draw_id <> format('%s-%sQ%s-%s', unit_code, NEW.year, NEW.number, lpad(NEW.serial::text, 2, '0')) THEN
            RAISE EXCEPTION '抽取从“待封存”开始，编号依次递增' USING ERRCODE = '23514';
        END IF;
        NEW.prepared_at := sj_now();
        RETURN NEW;
    END IF;

    IF (NEW.id, NEW.plan_id, NEW.unit_id, NEW.draw_id, NEW.year, NEW.number, NEW.serial, NEW.prepared_by_id, NEW.prepared_at)
       IS DISTINCT FROM
       (OLD.id, OLD.plan_id, OLD.unit_id, OLD.draw_id, OLD.year, OLD.number, OLD.serial, OLD.prepared_by_id, OLD.prepared_at) THEN
        RAISE EXCEPTION '抽取的编号、计划和核对人不能修改' USING ERRCODE = '23514';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
       (('PREPARED', 'FROZEN'), ('FROZEN', 'DRAWN'), ('DRAWN', 'RELEASED'), ('FROZEN', 'ABORTED')) THEN
        RAISE EXCEPTION '抽取状态不能从 % 变为 %', OLD.status, NEW.status USING ERRCODE = '23514';
    END IF;
    -- What a step writes, no other step changes.
    IF (OLD.status, NEW.status) IS DISTINCT FROM ('PREPARED', 'FROZEN')
       AND (NEW.sealed_by_id, NEW.frozen_at, NEW.release_at) IS DISTINCT FROM (OLD.sealed_by_id, OLD.frozen_at, OLD.release_at)
       OR (OLD.status, NEW.status) IS DISTINCT FROM ('FROZEN', 'DRAWN')
       AND (NEW.held_by_id, NEW.drawn_at) IS DISTINCT FROM (OLD.held_by_id, OLD.drawn_at)
       OR (OLD.status, NEW.status) IS DISTINCT FROM ('DRAWN', 'RELEASED')
       AND NEW.released_at IS DISTINCT FROM OLD.released_at THEN
        RAISE EXCEPTION '抽取的时间和经办人随每一步一次写定' USING ERRCODE = '23514';
    END IF;
    IF NEW.status = OLD.status THEN RETURN NEW; END IF;

    IF NEW.status = 'RELEASED' THEN
        SELECT at INTO NEW.released_at FROM plans_drawrelease WHERE draw_id = NEW.id;
        IF NEW.released_at IS NULL THEN
            RAISE EXCEPTION '名单还没有公开记录' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO doc FROM plans_drawdocument WHERE draw_id = NEW.id AND born = this_transaction()
       AND kind = CASE NEW.status WHEN 'FROZEN' THEN 'MANIFEST' WHEN 'DRAWN' THEN 'RESULT' ELSE 'ABORT' END;
    IF doc.id IS NULL THEN
        RAISE EXCEPTION '抽取状态只能随同一事务写入的文书改变' USING ERRCODE = '23514';
    END IF;
    IF NEW.status = 'FROZEN' THEN
        NEW.frozen_at := ssj1_field(doc.text, 'frozen', 1)::timestamptz;
        NEW.release_at := ssj1_field(doc.text, 'release', 1)::timestamptz;
        IF NEW.sealed_by_id IS NULL THEN RAISE EXCEPTION '封存要写明封存人' USING ERRCODE = '23514'; END IF;
    ELSIF NEW.status = 'DRAWN' THEN
        NEW.drawn_at := ssj1_field(doc.text, 'drawn', 1)::timestamptz;
        IF NEW.held_by_id IS NULL THEN RAISE EXCEPTION '抽取要写明抽取人' USING ERRCODE = '23514'; END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER draw_states BEFORE INSERT OR UPDATE ON plans_draw FOR EACH ROW EXECUTE FUNCTION draw_states();
ALTER TABLE plans_draw ENABLE ALWAYS TRIGGER draw_states;

-- 七(四)-1, 七(二)-a: what was said about the registries at the seal, and why a draw was late, stays as it was said.
CREATE OR REPLACE FUNCTION draw_says_audits_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.status, NEW.status) IS DISTINCT FROM ('PREPARED', 'FROZEN')
       AND (NEW.registry_audits, NEW.registry_reason) IS DISTINCT FROM (OLD.registry_audits, OLD.registry_reason) THEN
        RAISE EXCEPTION '名录审核的情况随封存一次写定' USING ERRCODE = '23514';
    END IF;
    IF (OLD.status, NEW.status) IS DISTINCT FROM ('FROZEN', 'DRAWN') AND NEW.late_reason <> OLD.late_reason THEN
        RAISE EXCEPTION '逾期抽取的原因随抽取一次写定' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER draw_says_audits_once BEFORE UPDATE ON plans_draw
    FOR EACH ROW EXECUTE FUNCTION draw_says_audits_once();
ALTER TABLE plans_draw ENABLE ALWAYS TRIGGER draw_says_audits_once;

-- D1: a document is one of the kinds that are kept, and its digest is that of its text.
ALTER TABLE plans_drawdocument
    DROP CONSTRAINT IF EXISTS digest_is_that_of_the_text,
    DROP CONSTRAINT IF EXISTS kind_is_one_that_is_kept,
    ADD CONSTRAINT digest_is_that_of_the_text CHECK (digest = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    ADD CONSTRAINT kind_is_one_that_is_kept
        CHECK (kind IN ('MANIFEST', 'FRAME', 'ROSTER', 'SEED', 'RESULT', 'SLIPS', 'AMEND', 'ABORT'));

-- Which document may follow which, and what in it must be that of the documents before it (D2 to D5, D8). An amendment
-- names its approved request, a second run its approved correction (SSJ1 8, 9.1).
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
        -- A replacement: asked for by one, approved by another who is 分管负责人 of the unit, with a document number (D8);
        -- where the city team lends an inspector, of the city team (五, docs/decisions/0023).
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
            IF asked.id IS NULL OR asked.state <> 'APPROVED' OR asked.decided_by_id = asked.asked_by_id
               OR asked.document_no <> ssj1_field(NEW.text, 'approve', 2)
               OR ssj1_field(NEW.text, 'approve', 1) IS DISTINCT FROM (
                   SELECT full_name FROM accounts_user WHERE id = asked.decided_by_id)
               OR NOT EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = asked.decided_by_id
                   AND g.unit_id = coalesce((
                       SELECT team.id FROM registry_inspector i JOIN accounts_unit home ON home.id = i.unit_id
                       JOIN accounts_unit team ON team.id = CASE home.kind WHEN 'HQ_SECTION' THEN home.parent_id ELSE home.id END
                       WHERE left(asked.reason, 1) = 'J' AND i.id = asked.inspector_id AND team.kind = 'CITY_TEAM'),
                       the_draw.unit_id)
                   AND g.role = 'APPROVER' AND g.ended_at IS NULL
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
            WHERE draw_id = NEW.draw_id AND run = NEW.run AND state = 'APPROVED';
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
CREATE OR REPLACE TRIGGER draw_document BEFORE INSERT ON plans_drawdocument FOR EACH ROW EXECUTE FUNCTION draw_document();
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER draw_document;

-- At commit: nothing half sealed and nothing half drawn, and the rows that say who was drawn are those of the RESULT.
-- With the owner's rights, because the caller may not read the secrets.
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
DROP TRIGGER IF EXISTS draw_complete ON plans_drawdocument;
CREATE CONSTRAINT TRIGGER draw_complete AFTER INSERT ON plans_drawdocument DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION draw_complete();
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER draw_complete;

-- D3: entries of the public chain follow each other without a gap, under one lock, each as hash of what it says.
CREATE OR REPLACE FUNCTION chain_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last plans_chainentry; the_draw plans_draw; doc plans_drawdocument;
BEGIN
    PERFORM pg_advisory_xact_lock(715150002);
    SELECT * INTO last FROM plans_chainentry ORDER BY seq DESC LIMIT 1;
    SELECT * INTO the_draw FROM plans_draw WHERE id = NEW.draw_id;
    IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.prev <> coalesce(last.link, repeat('0', 64)) THEN
        RAISE EXCEPTION '公示链只能逐条相接' USING ERRCODE = '23514';
    END IF;
    IF NEW.text <> concat(E'SSJ1 CHAIN\nseq\t', NEW.seq, E'\nprev\t', NEW.prev, E'\nkind\t', NEW.kind, E'\ndraw\t', coalesce(the_draw.draw_id, '-'),
                          E'\ndoc\t', NEW.doc, E'\nat\t', ssj1_time(NEW.at), E'\nend\t6\n')
       OR NEW.link <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION '公示链条目的文本或链环不对' USING ERRCODE = '23514';
    END IF;
    IF NEW.at < last.at OR NOT is_of_this_transaction(NEW.at) THEN
        RAISE EXCEPTION '公示链的时间是数据库的当前时间，不能倒退' USING ERRCODE = '23514';
    END IF;
    -- SSJ1 10: the past is the first entry or none, and belongs to no draw.
    IF NEW.kind = 'CARRY' THEN
        IF NEW.seq <> 1 OR NEW.draw_id IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM plans_carry c WHERE c.state = 'APPROVED' AND c.digest = NEW.doc
                AND ssj1_field(c.text, 'at', 1) = ssj1_time(NEW.at)) THEN
            RAISE EXCEPTION '历史抽查结转只能是公示链第 1 条，随它的文书写入' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
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
CREATE OR REPLACE TRIGGER chain_entry BEFORE INSERT ON plans_chainentry FOR EACH ROW EXECUTE FUNCTION chain_entry();
ALTER TABLE plans_chainentry ENABLE ALWAYS TRIGGER chain_entry;

-- D6: the secret comes with its MANIFEST.
CREATE OR REPLACE FUNCTION draw_secret() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'MANIFEST' AND born = this_transaction()) THEN
        RAISE EXCEPTION '密封随机数只随封存清单写入' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER draw_secret BEFORE INSERT ON plans_drawsecret FOR EACH ROW EXECUTE FUNCTION draw_secret();
ALTER TABLE plans_drawsecret ENABLE ALWAYS TRIGGER draw_secret;

-- Not before the time announced in the MANIFEST, and dated by the database.
CREATE OR REPLACE FUNCTION draw_release() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw;
BEGIN
    NEW.at := sj_now();
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    IF the_draw.status <> 'DRAWN' OR the_draw.release_at > sj_now() THEN
        RAISE EXCEPTION '名单还没有到公开时间' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER draw_release BEFORE INSERT ON plans_drawrelease FOR EACH ROW EXECUTE FUNCTION draw_release();
ALTER TABLE plans_drawrelease ENABLE ALWAYS TRIGGER draw_release;

-- Who was drawn is written with the RESULT or an approved AMEND, and never again.
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
CREATE OR REPLACE TRIGGER draw_names BEFORE INSERT ON plans_pick FOR EACH ROW EXECUTE FUNCTION draw_names();
ALTER TABLE plans_pick ENABLE ALWAYS TRIGGER draw_names;
CREATE OR REPLACE TRIGGER draw_names BEFORE INSERT ON plans_pickdrop FOR EACH ROW EXECUTE FUNCTION draw_names();
ALTER TABLE plans_pickdrop ENABLE ALWAYS TRIGGER draw_names;
CREATE OR REPLACE TRIGGER draw_names BEFORE INSERT ON plans_team FOR EACH ROW EXECUTE FUNCTION draw_names();
ALTER TABLE plans_team ENABLE ALWAYS TRIGGER draw_names;
CREATE OR REPLACE TRIGGER draw_names BEFORE INSERT ON plans_teammember FOR EACH ROW EXECUTE FUNCTION draw_names();
ALTER TABLE plans_teammember ENABLE ALWAYS TRIGGER draw_names;
