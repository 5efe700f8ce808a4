-- The register: whatever is published is one leaf, in the same transaction (PUB1 §2).
-- needs disclosure/rules.sql plans/draw/rules.sql benxi_shuangsuiji/audit/rules.sql

-- What a leaf says of a publication, and its hash (RFC 6962 §2.1).
CREATE OR REPLACE FUNCTION register_leaf(kind text, no text, version integer, state text, doc text, at text)
RETURNS bytea LANGUAGE sql IMMUTABLE STRICT SET search_path = public, pg_temp AS $$
    SELECT sha256('\x00'::bytea || convert_to(concat(
        'PUB1 ENTRY', E'\nkind\t', kind, E'\nno\t', no, E'\nversion\t', version, E'\nstate\t', state, E'\ndoc\t', doc,
        E'\nat\t', at, E'\nend\t6\n'), 'UTF8'))
$$;

-- One after the other: `publication_stamp` took the log's lock before it looked at anything. With the owner's rights,
-- because nobody else may write a leaf.
CREATE OR REPLACE FUNCTION register_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last record; the_time text; next bigint;
BEGIN
    SELECT e.index, e.at INTO last FROM disclosure_registerentry e ORDER BY e.index DESC LIMIT 1;
    next := coalesce(last.index + 1, 0);
    the_time := greatest(last.at COLLATE "C",
        to_char(sj_now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') COLLATE "C");
    INSERT INTO disclosure_registerentry (index, publication_id, at, leaf) VALUES
        (next, NEW.id, the_time, register_leaf(NEW.kind, NEW.no, NEW.version, NEW.state, NEW.digest, the_time));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER register_publication AFTER INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION register_publication();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER register_publication;

-- The types of an entry (PUB1 §2); of the state and of the version the constraints of the table say the same.
ALTER TABLE disclosure_publication
    DROP CONSTRAINT IF EXISTS its_number_may_stand_in_the_register,
    ADD CONSTRAINT its_number_may_stand_in_the_register
        CHECK (no ~ '^[0-9A-Z][0-9A-Z._-]{0,63}$' AND kind ~ '^[0-9A-Z][0-9A-Z_-]{0,31}$' AND version > 0);
ALTER TABLE disclosure_registerentry
    DROP CONSTRAINT IF EXISTS a_leaf_has_its_place_and_hash,
    ADD CONSTRAINT a_leaf_has_its_place_and_hash CHECK (index >= 0 AND length(leaf) = 32
        AND at ~ '^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+08:00$');
ALTER TABLE disclosure_registernode
    DROP CONSTRAINT IF EXISTS a_node_is_a_hash,
    ADD CONSTRAINT a_node_is_a_hash CHECK (level > 0 AND number >= 0 AND length(hash) = 32);
ALTER TABLE disclosure_checkpoint
    DROP CONSTRAINT IF EXISTS a_checkpoint_says_what_it_signs,
    ADD CONSTRAINT a_checkpoint_says_what_it_signs CHECK (size > 0 AND root ~ '^[0-9a-f]{64}$'
        AND split_part(note, E'\n', 2) = size::text
        AND split_part(note, E'\n', 3) = encode(decode(root, 'hex'), 'base64'));

-- A checkpoint is signed of what is there, goes on from the one before, and stays with its origin (PUB1 §3).
CREATE OR REPLACE FUNCTION checkpoint_goes_on() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last record;
BEGIN
    SELECT c.size, split_part(c.note, E'\n', 1) AS origin INTO last FROM disclosure_checkpoint c ORDER BY c.size DESC LIMIT 1;
    IF NEW.size > (SELECT coalesce(max(index) + 1, 0) FROM disclosure_registerentry)
       OR NEW.size <= last.size OR split_part(NEW.note, E'\n', 1) <> last.origin THEN
        RAISE EXCEPTION '日志的检查点只能接着上一份' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER checkpoint_goes_on BEFORE INSERT ON disclosure_checkpoint
    FOR EACH ROW EXECUTE FUNCTION checkpoint_goes_on();
ALTER TABLE disclosure_checkpoint ENABLE ALWAYS TRIGGER checkpoint_goes_on;

-- What the register says of itself (PUB1 §2, §3): the heads of the day are the newest there are, and say nothing else; a
-- key and a new log are announced at the server by the owner alone, a new log before its first other entry.
CREATE OR REPLACE FUNCTION register_says() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE said jsonb := NEW.text::jsonb - ARRAY['kind', 'no', 'version', 'salt'];
        today text := to_char(sj_now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD');
BEGIN
    IF NEW.kind = 'HEADS' AND (NEW.no <> 'HEADS-' || replace(today, '-', '') OR said <> jsonb_build_object('on', today,
           'chain', coalesce((SELECT link FROM plans_chainentry ORDER BY seq DESC LIMIT 1), repeat('0', 64)),
           'trail', coalesce((SELECT link FROM audit_auditlink ORDER BY seq DESC LIMIT 1), repeat('0', 64)))) THEN
        RAISE EXCEPTION '每日链头只写当天最新的两个链头' USING ERRCODE = '23514';
    END IF;
    IF NEW.kind IN ('KEY', 'LOG')
       AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION '新公钥和新日志在服务器上由数据库的拥有者公告' USING ERRCODE = '42501';
    END IF;
    IF NEW.kind = 'LOG' AND EXISTS (SELECT FROM disclosure_registerentry) THEN
        RAISE EXCEPTION '日志接续只能是新日志的第 0 条' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER register_says BEFORE INSERT ON disclosure_publication
    FOR EACH ROW WHEN (NEW.kind IN ('HEADS', 'KEY', 'LOG')) EXECUTE FUNCTION register_says();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER register_says;
