-- 数据库登录名与库。由 postgres 容器首次启动时执行；自建服务器上由管理员执行，可以重复执行（口令改成这一次给的）：
--   OWNER_PASSWORD=… WEB_PASSWORD=… WORKER_PASSWORD=… PUBLIC_PASSWORD=… BACKUP_PASSWORD=… psql -d postgres -f docs/deploy/roles.sql
-- sj_owner 拥有全部表，只在迁移时使用；sj_web 给网站用，sj_worker 给后台任务用，都改不动已封存的记录；
-- sj_public 给公示页用，只能读公开的内容；sj_backup 给备份用，什么都读得到（密封的仍是密文），什么都改不了。
-- 各表的权限由 manage.py migrate 给出。
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
\getenv worker_password WORKER_PASSWORD
\getenv public_password PUBLIC_PASSWORD
\getenv backup_password BACKUP_PASSWORD
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['sj_owner', 'sj_web', 'sj_worker', 'sj_public', 'sj_draw', 'sj_backup']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE sj_owner LOGIN CREATEDB PASSWORD :'owner_password';
ALTER ROLE sj_web LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'web_password';
ALTER ROLE sj_worker LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'worker_password';
ALTER ROLE sj_public LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'public_password';
ALTER ROLE sj_backup LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'backup_password';
GRANT pg_read_all_data TO sj_backup;
GRANT sj_web, sj_worker, sj_public, sj_draw TO sj_owner;
GRANT sj_draw TO sj_web, sj_worker; -- 不继承：只在打开封存的秘密时用 SET ROLE 取得
-- 从 template0 建，不管服务器初始化时用的什么语言环境（LANG=C 的也一样）。
SELECT 'CREATE DATABASE benxi OWNER sj_owner TEMPLATE template0 ENCODING ''UTF8'' '
    || CASE WHEN current_setting('server_version_num')::int >= 170000
            THEN 'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' LOCALE ''C.UTF-8''' ELSE 'LOCALE ''C.UTF-8''' END
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'benxi') \gexec
REVOKE ALL ON DATABASE benxi FROM PUBLIC;
GRANT CONNECT ON DATABASE benxi TO sj_web, sj_worker, sj_public, sj_backup;
\connect benxi
-- 大对象不属于任何表，没有用处，却能写满磁盘。
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),
    lo_open(oid, integer), lowrite(integer, bytea) FROM PUBLIC;
