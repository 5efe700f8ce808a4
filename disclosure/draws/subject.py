from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="抽取公示",
    clauses=("一-f", "四(3)-a"),
    shows={
        "plans_public_document": "(SELECT count(*) FROM plans_public_document)",
        "plans_public_chain": "(SELECT max(seq) FROM plans_public_chain)",
        # Once the names are open the SEED says them; until then two people may still agree on one, or correct it.
        "plans_public_value": "(SELECT md5(string_agg(concat(v.id, v.value), ' ' ORDER BY v.id)) FROM plans_public_value v"
        " WHERE NOT EXISTS (SELECT 1 FROM plans_public_document d WHERE d.draw_id = v.draw_id AND d.kind = 'SEED'))",
        "plans_public_correction": "(SELECT count(*) FROM plans_public_correction)",
        "plans_public_lateness": "(SELECT count(*) FROM plans_public_lateness)",
        "plans_public_carry": "(SELECT concat(count(*), max(at)) FROM plans_public_carry)",
    },
)
