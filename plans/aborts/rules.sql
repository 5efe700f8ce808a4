-- 作废 of a sealed draw (SSJ1 9.2, 15 D2): only while its result is not fixed, asked by one and approved by another.
-- needs plans/draw/rules.sql benxi_shuangsuiji/accounts/rules.sql

-- The sealed number that is opened is the one whose fingerprint was announced; an ABORT says what was approved, and only
-- sources that nobody could read keep a result from being fixed. A trigger of its own beside `draw_document`, which it
-- follows by its name.
CREATE OR REPLACE FUNCTION draw_document_abort() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

    SELECT * INTO asked FROM plans_abortrequest WHERE draw_id = NEW.draw_id AND state = 'APPROVED';
    IF asked.id IS NULL OR asked.decided_by_id = asked.asked_by_id
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
CREATE OR REPLACE TRIGGER draw_document_abort BEFORE INSERT ON plans_drawdocument FOR EACH ROW
    WHEN (NEW.kind IN ('SEED', 'ABORT')) EXECUTE FUNCTION draw_document_abort();
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER draw_document_abort;
