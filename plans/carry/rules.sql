-- What keeps the record of before first use (SSJ1 10): written by the approval as the chain's first entry, never changed.
-- needs plans/draw/rules.sql

-- D1: the digest is that of the text.
ALTER TABLE plans_carry
    DROP CONSTRAINT IF EXISTS carry_digest_is_that_of_the_text,
    ADD CONSTRAINT carry_digest_is_that_of_the_text
        CHECK (text = '' OR digest = encode(sha256(convert_to(text, 'UTF8')), 'hex') AND starts_with(text, E'SSJ1 CARRY\n'));

-- Nobody changes it afterwards, and none comes when the chain has begun.
CREATE OR REPLACE FUNCTION carry_is_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'APPROVED' THEN
        RAISE EXCEPTION '历史抽查结转已在公示链上，不能再改' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'APPROVED' AND EXISTS (SELECT 1 FROM plans_chainentry) THEN
        RAISE EXCEPTION '公示链已经有第 1 条，不能再结转' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER carry_is_fixed BEFORE UPDATE OR DELETE ON plans_carry
    FOR EACH ROW EXECUTE FUNCTION carry_is_fixed();
ALTER TABLE plans_carry ENABLE ALWAYS TRIGGER carry_is_fixed;
