"""What stands beside a published text says what the text says (PUB1 §1, §2): looked at every day.

Lists, filters and search read columns that repeat the text, and rows that are laid open from it. The database writes them
once and lets nobody change them; an owner could, with every digest and leaf left as they are. Who published is no part of
the text, since it would name a person: it stands in the trail.
"""

from django.db import connection

# (what it is called, what stands there, what the text says of it; NULL where it says nothing). `p` is the publication, `s`
# its text, `c` the facility that it is about, `own` whether the register speaks of itself.
_PERIOD = "p.kind IN ('PLAN', 'SUMMARY', 'RESULT_SUM', 'SELF_CHECK') AND p.state <> 'WITHDRAWN'"
_OF_CHECK = "p.kind IN ('RESULT', 'RECTIFICATION', 'CASE', 'REFERRAL', 'STATEMENT') AND p.state <> 'WITHDRAWN'"
_OF_RESULT = "p.kind = 'RESULT' AND p.state <> 'WITHDRAWN'"
COLUMNS = (
    ("种类", "p.kind", "s ->> 'kind'"),
    ("编号", "p.no", "s ->> 'no'"),
    ("版本", "p.version::text", "s ->> 'version'"),
    ("变动", "p.change", "coalesce(s ->> 'change', '')"),
    ("公示内容", "p.snapshot::text", "s::text"),
    ("抽取编号", "p.draw", "coalesce(s ->> 'draw', '')"),
    ("检查事项", "p.item_codes::text", "jsonb_path_query_array(s, '$.items[*].code')::text"),
    (
        "标题",
        "p.title",
        """CASE WHEN s ? 'title' THEN s ->> 'title'
        WHEN p.kind = 'RESULT' THEN (s #>> '{facility,name}') || '检查结果'
        WHEN p.kind IN ('RECTIFICATION', 'CASE', 'REFERRAL') THEN (s #>> '{facility,name}') || (s ->> 'step_label')
        WHEN p.kind = 'STATEMENT' THEN (s #>> '{facility,name}') || '的企业说明'
        WHEN p.kind = 'REGISTER' THEN concat(s #>> '{unit,name}', '检查对象名录（', s ->> 'year', ' 年第',
            substr('一二三四', (s ->> 'quarter')::integer, 1), '季度）')
        WHEN p.kind = 'HEADS' THEN to_char((s ->> 'on')::date, 'YYYY "年" FMMM "月" FMDD "日链头"')
        WHEN p.kind = 'KEY' THEN '公示日志换用新公钥'
        WHEN p.kind = 'LOG' THEN '公示日志另起一本' END""",
    ),
    ("单位代码", "p.unit_code", "coalesce(s #>> '{unit,code}', s ->> 'unit_code', (SELECT code FROM city))"),
    # Where the text has the long name: the short one that other texts of the unit have, or that it has now.
    (
        "公示单位",
        "p.unit_name",
        """coalesce(s #>> '{unit,name}', s ->> 'unit_short', (SELECT min(o.name) FROM named o
            WHERE (o.code, o.name) = (p.unit_code, p.unit_name)), '')""",
    ),
    (
        "年度",
        "p.year::text",
        f"""CASE WHEN own THEN left(s ->> 'on', 4) WHEN {_PERIOD} THEN left(s ->> 'quarter', 4)
            ELSE coalesce(s ->> 'year', left(s ->> 'decided_on', 4)) END""",
    ),
    (
        "季度",
        "coalesce(p.number::text, '')",
        f"CASE WHEN {_PERIOD} THEN right(s ->> 'quarter', 1) ELSE coalesce(s ->> 'quarter', '') END",
    ),
    ("名录编号", "p.facility_code", "coalesce(c.code, '')"),
    ("检查对象", "p.facility_name", f"CASE WHEN {_OF_CHECK} THEN c.name ELSE '' END"),
    ("县区", "p.district", f"CASE WHEN {_OF_CHECK} THEN s ->> 'district' ELSE '' END"),
    (
        "类别",
        "p.category",
        f"CASE WHEN p.kind = 'STATEMENT' THEN NULL WHEN {_OF_CHECK} THEN s ->> 'category' ELSE '' END",
    ),
    ("检查结果", "p.outcome", f"CASE WHEN {_OF_RESULT} THEN s ->> 'outcome' ELSE '' END"),
    ("检查日期", "coalesce(p.checked_on::text, '')", f"CASE WHEN {_OF_RESULT} THEN s ->> 'checked_on' ELSE '' END"),
    (
        "第几个工作日公开",
        "coalesce(p.workday_number::text, '')",
        f"CASE WHEN {_OF_RESULT} THEN s ->> 'workday_number' ELSE '' END",
    ),
    (
        "逾期原因",
        "p.late_reason",
        "CASE WHEN p.kind IN ('RESULT', 'PLAN') AND p.state <> 'WITHDRAWN' THEN s ->> 'late_reason' ELSE '' END",
    ),
    # Name, code, the code of its licence, and one word that no text has: the number of its permit.
    (
        "检索文字",
        f"""CASE WHEN {_OF_CHECK} THEN starts_with(lower(p.search_text), called) AND coalesce(
            replace(rest, nullif(' ' || lower(c.uscc), ' '), ''), rest) ~ '^( [^ ]+)?$' ELSE p.search_text = '' END""",
        "true",
    ),
)
# Its time is that of its entry, but for the seconds between; of one that repeats the time before it, at most what
# `clocks.watch` lets pass in silence. Of a log that goes on from another all are entered when it begins.
TIMES = """
SELECT p.kind, p.no, p.version, CASE WHEN p.issued_at <> p.first THEN '首次公开时间' ELSE '公开时间' END
FROM (
    SELECT p.kind, p.no, p.version, p.published_at, p.issued_at, e.index, e.at::timestamptz AS at,
        first_value(p.published_at) OVER (PARTITION BY p.kind, p.no ORDER BY p.version) AS first,
        lag(e.at::timestamptz) OVER (ORDER BY e.index) AS before,
        first_value(e.at::timestamptz) OVER (ORDER BY e.index) AS began,
        first_value(p.kind) OVER (ORDER BY e.index) = 'LOG' AS goes_on
    FROM disclosure_publication p JOIN disclosure_registerentry e ON e.publication_id = p.id
) p
WHERE p.issued_at <> p.first OR p.published_at > p.at + interval '1 second'
   OR p.published_at < p.at - CASE WHEN p.at = p.before THEN interval '1 hour' ELSE interval '1 minute' END
      AND NOT (p.goes_on AND p.at = p.began)
ORDER BY p.index LIMIT 1
"""
DIFFERENT = f"""
WITH city AS (SELECT code FROM accounts_unit WHERE kind = 'CITY_TEAM' ORDER BY id LIMIT 1),
named AS (
    SELECT code, short_name AS name FROM accounts_unit
    UNION SELECT text::jsonb #>> '{{unit,code}}', text::jsonb #>> '{{unit,name}}' FROM disclosure_publication
    UNION SELECT text::jsonb ->> 'unit_code', text::jsonb ->> 'unit_short' FROM disclosure_publication
)
SELECT p.kind, p.no, p.version, v.name
FROM disclosure_publication p
CROSS JOIN LATERAL (SELECT p.text::jsonb AS s, p.kind IN ('HEADS', 'KEY', 'LOG') AS own) said
LEFT JOIN LATERAL (
    SELECT f ->> 'code' AS code, f ->> 'name' AS name, f ->> 'uscc' AS uscc,
        lower(concat(f ->> 'name', ' ', f ->> 'code')) AS called
    FROM (SELECT coalesce(s -> 'facility', (
        SELECT o.text::jsonb -> 'facility' FROM disclosure_publication o
        WHERE (o.kind, o.no, o.version) = (s #>> '{{record,kind}}', s #>> '{{record,no}}', 1)
    )) AS f) found
) c ON true
CROSS JOIN LATERAL (SELECT substr(lower(p.search_text), 1 + length(c.called)) AS rest) after
CROSS JOIN LATERAL (VALUES
    {", ".join(f"({n}, '{name}', ({here})::text, ({said})::text)" for n, (name, here, said) in enumerate(COLUMNS))}
) v (place, name, here, said)
WHERE v.said IS NOT NULL AND v.here IS DISTINCT FROM v.said
ORDER BY p.id, v.place LIMIT 1
"""
# The line of each result in the file of all, beside the one that the database would make of it now (decision 0067).
LINES = f"""
SELECT p.kind, p.no, p.version, '表格里的一行' FROM disclosure_publication p
WHERE p.csv_line <> CASE WHEN {_OF_RESULT} THEN result_line(p) ELSE '' END ORDER BY p.id LIMIT 1
"""
# The rows laid open from rosters and results, beside those that their newest texts say.
ROWS = """
WITH newest AS (
    SELECT DISTINCT ON (p.kind, p.no) p.* FROM disclosure_publication p
    WHERE p.kind IN ('REGISTER', 'RESULT') ORDER BY p.kind, p.no, p.version DESC
), said AS (
    SELECT p.id, p.kind, p.no, p.version, p.unit_code, p.year, p.number, l.*
    FROM newest p CROSS JOIN LATERAL roster_lines(p.kind, p.text::jsonb) l WHERE p.state <> 'WITHDRAWN'
), here AS (
    SELECT r.publication_id AS id, r.unit_code, r.year, r.number, r.line, r.code, r.name, r.uscc, r.former_names::text[] AS former_names, r.address,
        r.district, r.industry_code, r.industry, r.category, r.search_text, r.of_roster,
        r.is_last = NOT EXISTS (SELECT 1 FROM disclosure_rosterrow o WHERE o.code = r.code
            AND (o.of_roster, o.year, o.number, o.publication_id) > (r.of_roster, r.year, r.number, r.publication_id)) AS placed
    FROM disclosure_rosterrow r
)
SELECT coalesce(s.kind, p.kind), coalesce(s.no, p.no), coalesce(s.version, p.version), '名录里的一行'
FROM said s FULL JOIN here r ON (r.id, r.line) = (s.id, s.line) LEFT JOIN disclosure_publication p ON p.id = r.id
WHERE s.id IS NULL OR r.id IS NULL OR NOT r.placed OR r.of_roster <> (s.kind = 'REGISTER')
   OR (r.unit_code, r.year, r.number, r.code, r.name, r.uscc, r.former_names, r.address, r.district, r.industry_code,
       r.industry, r.category, r.search_text)
   IS DISTINCT FROM (s.unit_code, s.year, s.number, s.code, s.name, s.uscc, s.former_names, s.address, s.district,
       s.industry_code, s.industry, s.category, s.search_text)
LIMIT 1
"""


QUESTIONS = (DIFFERENT, TIMES, LINES, ROWS)


def different() -> str:
    """The first thing beside a text that says something else, in one sentence; the texts themselves hold already."""
    with connection.cursor() as cursor:
        for query in QUESTIONS:
            cursor.execute(query)
            if found := cursor.fetchone():
                kind, no, version, what = found
                return f"{kind} {no} 第 {version} 版的{what}与登记的原文不同。"
    return ""
