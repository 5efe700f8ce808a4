-- 数据库登录与库。由 postgres 容器首次启动时执行；自建服务器上可由管理员执行：
--   OWNER_PASSWORD=… WEB_PASSWORD=… psql -d postgres -f docs/deploy/roles.sql
-- sj_owner 拥有全部表，只在迁移时使用；网站和后台任务只用 sj_web，改不动已封存的记录。
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
CREATE ROLE sj_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE sj_web LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'web_password';
CREATE ROLE sj_draw NOLOGIN;
GRANT sj_web, sj_draw TO sj_owner;
GRANT sj_draw TO sj_web; -- 不继承：只在抽取时用 SET ROLE 取得
CREATE DATABASE benxi OWNER sj_owner ENCODING 'UTF8';
REVOKE ALL ON DATABASE benxi FROM PUBLIC;
GRANT CONNECT ON DATABASE benxi TO sj_web;
