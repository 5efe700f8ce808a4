from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="备份和恢复",
    verbs={
        "backup.data_key": "换数据密钥",
        "backup.restored": "从备份恢复",
    },
    told={"backup.restored": "name"},
)
