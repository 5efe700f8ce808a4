-- What stands stays, whoever asks (reliability.md P02, P14, docs/decisions/0056-facts-guarded-where-they-live.md). Generic: a
-- room lays them before its tables in its own rules.sql, with columns and states as arguments. The owner passes: migrations and
-- a restore are his; the logins of the web site and of the worker neither switch a guard off nor become him.
-- needs benxi_shuangsuiji/database/clock.sql

-- Whether whoever asks owns the table.
CREATE OR REPLACE FUNCTION owns(the_table oid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = the_table
$$;

-- states_move(column, 'first states', 'A>B B>C …'): a state moves only along its table, and begins where it begins.
CREATE OR REPLACE FUNCTION states_move() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE now_is text := to_jsonb(NEW) ->> TG_ARGV[0]; was text;
BEGIN
    IF TG_OP = 'UPDATE' THEN was := to_jsonb(OLD) ->> TG_ARGV[0]; END IF;
    IF was = now_is OR owns(TG_RELID) THEN
        RETURN NEW;
    ELSIF was IS NULL AND now_is <> ALL (string_to_array(TG_ARGV[1], ' ')) THEN
        RAISE EXCEPTION '% 的新记录不能一开始就是 %', TG_TABLE_NAME, now_is USING ERRCODE = '23514';
    ELSIF was || '>' || now_is <> ALL (string_to_array(TG_ARGV[2], ' ')) THEN
        RAISE EXCEPTION '% 的状态不能从 % 改为 %，一步一步办理', TG_TABLE_NAME, was, now_is USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- written_with(column of the state, 'states', moment, person): who did it and when are written in the statement that brings the
-- row into one of these states, with the time of the database, and go only in one that brings it into another.
CREATE OR REPLACE FUNCTION written_with() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE old_row jsonb := to_jsonb(OLD); new_row jsonb := to_jsonb(NEW); place text;
        moved boolean := old_row -> TG_ARGV[0] <> new_row -> TG_ARGV[0];
        comes boolean := moved AND new_row ->> TG_ARGV[0] = ANY (string_to_array(TG_ARGV[1], ' '));
BEGIN
    FOREACH place IN ARRAY TG_ARGV[2:] LOOP
        IF new_row -> place <> old_row -> place AND NOT owns(TG_RELID) AND NOT comes
           AND NOT (moved AND new_row ->> place IS NULL) THEN
            RAISE EXCEPTION '% 的 % 只随状态一起写', TG_TABLE_NAME, place USING ERRCODE = '23514';
        END IF;
    END LOOP;
    IF comes AND NOT owns(TG_RELID) AND NOT coalesce(is_of_this_transaction((new_row ->> TG_ARGV[2])::timestamptz), false) THEN
        RAISE EXCEPTION '% 的 % 是数据库的当前时间，不能另写', TG_TABLE_NAME, TG_ARGV[2] USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- written_once(column, …): what was empty is written, and then stays.
CREATE OR REPLACE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE old_row jsonb := to_jsonb(OLD); new_row jsonb := to_jsonb(NEW); place text;
BEGIN
    FOREACH place IN ARRAY TG_ARGV LOOP
        IF coalesce(old_row ->> place, '') <> '' AND new_row -> place <> old_row -> place AND NOT owns(TG_RELID) THEN
            RAISE EXCEPTION '% 的 % 写过以后不能再改', TG_TABLE_NAME, place USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

-- stays_but(column, …): nothing else of the row ever changes.
CREATE OR REPLACE FUNCTION stays_but() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV AND NOT owns(TG_RELID) THEN
        RAISE EXCEPTION '% 登记过的内容不能修改', TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- stays_while(column of the state, 'open states', 'columns that may still change'): past the open states a row keeps its content;
-- a statement that opens it again may say why. It is never deleted then.
CREATE OR REPLACE FUNCTION stays_while() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE opens text[] := string_to_array(TG_ARGV[1], ' '); may text[] := string_to_array(TG_ARGV[2], ' ') || TG_ARGV[0];
BEGIN
    IF to_jsonb(OLD) ->> TG_ARGV[0] = ANY (opens) OR owns(TG_RELID) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    ELSIF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% 办过以后不能删除', TG_TABLE_NAME USING ERRCODE = '23514';
    ELSIF to_jsonb(NEW) ->> TG_ARGV[0] <> ALL (opens) AND to_jsonb(NEW) - may IS DISTINCT FROM to_jsonb(OLD) - may THEN
        RAISE EXCEPTION '% 办过以后内容不能修改', TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- rows_stay(foreign key, table it points at, column of its state, 'open states'): the rows of a thing come, change and go only
-- while the thing is open. With two more, the table pointed at and its own foreign key, the state is that of the thing behind it.
CREATE OR REPLACE FUNCTION rows_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE whole text; state text;
BEGIN
    IF owns(TG_RELID) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    FOR whole IN SELECT DISTINCT key FROM unnest(ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ->> TG_ARGV[0] END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ->> TG_ARGV[0] END]) AS named (key) WHERE key IS NOT NULL LOOP
        EXECUTE format('SELECT %I FROM %I WHERE id = '
                       || CASE WHEN TG_NARGS > 4 THEN format('(SELECT %I FROM %I WHERE id = $1)', TG_ARGV[5], TG_ARGV[4]) ELSE '$1' END,
                       TG_ARGV[2], TG_ARGV[1]) INTO state USING whole::bigint;
        IF state <> ALL (string_to_array(TG_ARGV[3], ' ')) THEN
            RAISE EXCEPTION '% 属于已经办过的记录，不能增加、修改或删除', TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- goes_with(foreign key, table it points at, column of its state, state, foreign key, table): at commit, what was taken out went with
-- the whole that the first names, or with the thing that the second names.
CREATE OR REPLACE FUNCTION goes_with() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE state text; stands boolean;
BEGIN
    EXECUTE format('SELECT %I FROM %I WHERE id = $1', TG_ARGV[2], TG_ARGV[1]) INTO state
        USING (to_jsonb(OLD) ->> TG_ARGV[0])::bigint;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE id = $1)', TG_ARGV[5]) INTO stands USING (to_jsonb(OLD) ->> TG_ARGV[4])::bigint;
    IF state IS DISTINCT FROM TG_ARGV[3] AND stands AND NOT owns(TG_RELID) THEN
        RAISE EXCEPTION '% 只在整批撤回时删除', TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- decided_once('columns written later', 'rewritten' or ''): before every `Decision`, laid by `benxi_shuangsuiji.database.guards`.
-- It is asked before it is decided, decided with the time of the database, and then neither who, when, what nor the words of the
-- decision change; what is `rewritten` waits again as if nobody had decided, where it was given back.
CREATE OR REPLACE FUNCTION decided_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE later text[] := string_to_array(TG_ARGV[0], ' ') || 'state'::text; again boolean := TG_ARGV[1] = 'rewritten';
BEGIN
    IF owns(TG_RELID) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.state = 'APPROVED' THEN
            RAISE EXCEPTION '% 批准过的申请不能删除', TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
        RETURN OLD;
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION '% 先提出，再由另一人决定', TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
    ELSIF OLD.state IN ('DRAFT', 'ASKED') OR again AND OLD.state = 'RETURNED' THEN
        IF (NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM (OLD.asked_by_id, OLD.asked_at) AND OLD.state <> 'DRAFT' AND NOT again
           OR NEW.decided_at IS DISTINCT FROM OLD.decided_at AND NOT coalesce(is_of_this_transaction(NEW.decided_at), again) THEN
            RAISE EXCEPTION '% 由谁、什么时候提出和决定，不能另写', TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
    ELSIF to_jsonb(NEW) - later IS DISTINCT FROM to_jsonb(OLD) - later
       OR NEW.state <> OLD.state AND NEW.state IN ('DRAFT', 'ASKED', 'APPROVED', 'RETURNED') THEN
        RAISE EXCEPTION '% 已经决定，不能再改', TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- refers(column, table, its key): behind a `SharedKey` (benxi_shuangsuiji/database/keys.py, decision 0071), what a foreign key asks
-- of each row, asked of each statement: every row named is there, and stays until this transaction ends. Of nobody, as for a
-- foreign key, is it not asked: the owner does not pass.
CREATE OR REPLACE FUNCTION refers() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE lost text; named text := 'SELECT DISTINCT %1$I AS key FROM news'; given bigint;
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        named := 'SELECT $1 AS key'; given := to_jsonb(NEW) ->> TG_ARGV[0];
    END IF;
    EXECUTE format('SELECT key FROM (' || named || ') said
                    WHERE key IS NOT NULL AND NOT EXISTS (SELECT FROM %2$I WHERE %3$I = said.key FOR KEY SHARE) LIMIT 1',
                   TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) INTO lost USING given;
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION '% 的 % 指向的记录 %（%）不存在', TG_TABLE_NAME, TG_ARGV[0], lost, TG_ARGV[1] USING ERRCODE = '23503';
    END IF;
    RETURN NULL;
END $$;

-- referred(key, table, its column): the other end. At commit, nothing refers to a row that was deleted or took another key.
CREATE OR REPLACE FUNCTION referred() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE stands boolean; gone bigint := to_jsonb(OLD) ->> TG_ARGV[0];
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %2$I WHERE %3$I = $1) AND NOT EXISTS (SELECT FROM %4$I WHERE %1$I = $1)',
                   TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], TG_TABLE_NAME) INTO stands USING gone;
    IF stands THEN
        RAISE EXCEPTION '% 的记录还被 % 的 % 用到，不能删除', TG_TABLE_NAME, TG_ARGV[1], TG_ARGV[2] USING ERRCODE = '23503';
    END IF;
    RETURN NULL;
END $$;
