from benxi_shuangsuiji.subject import Question, Subject

SUBJECT = Subject(
    name="备份和恢复",
    questions=(
        Question("backup", "备份", "benxi_shuangsuiji.backup.health.backed_up", place=92, of_database=False),
        Question("archive", "WAL 归档", "benxi_shuangsuiji.backup.health.archived", place=94),
    ),
    verbs={
        "backup.data_key": "换数据密钥",
        "backup.data_key_lost": "登记数据密钥丢失",
        "backup.restored": "从备份恢复",
    },
    told={"backup.restored": "name"},
    proves="benxi_shuangsuiji.database.guards.proved",
)
