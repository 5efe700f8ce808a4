"""The levels of 环境信用, 信用风险 and 绩效分级 that most places use; the lead office sets its own (domain.md 4.6)."""

from datetime import date

from django.db import migrations

TERMS = {
    "credit_level": [
        ("绿", "绿", ["绿牌", "绿色", "诚信"]),
        ("蓝", "蓝", ["蓝牌", "蓝色", "良好"]),
        ("黄", "黄", ["黄牌", "黄色", "警示"]),
        ("红", "红", ["红牌", "红色", "不良"]),
        ("黑", "黑", ["黑牌", "黑色", "严重失信"]),
    ],
    "credit_risk": [
        ("A", "A 低", ["低"]),
        ("B", "B 较低", ["较低", "一般"]),
        ("C", "C 较高", ["较高"]),
        ("D", "D 高", ["高"]),
    ],
    "air_grade": [
        ("A", "A", ["A级"]),
        ("LEADING", "引领性", ["引领性企业"]),
        ("B", "B", ["B级"]),
        ("B_MINUS", "B−", ["B-", "B-级", "B−级"]),
        ("C", "C", ["C级"]),
        ("NON_LEADING", "非引领性", ["非引领性企业"]),
        ("D", "D", ["D级"]),
        ("UNRATED", "未评级", ["未评", "无", "不参评"]),
    ],
}


def enter(apps, schema_editor):
    term = apps.get_model("registry", "VocabularyTerm")
    term.objects.bulk_create(
        term(kind=kind, code=code, label=label, also=also, rank=rank, is_serious=code == "黑", valid_from=date(2013, 12, 18))
        for kind, rows in TERMS.items()
        for rank, (code, label, also) in enumerate(rows, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
