"""Registers made up by chance, whole and touched, with the texts that they enter."""

import random

from disclosure.register import pub1

STATES = ("ISSUED", "CORRECTED", "WITHDRAWN")


def written(rng: random.Random, size: int) -> tuple[str, list[str]]:
    """A plain file in order, and the text of each entry."""
    lines, texts, known, tree, minute = [], [], {}, pub1.Growing(), 0
    for n in range(size):
        again = [key for key in known if rng.random() < 0.3]
        kind, no = again[0] if again else (rng.choice(["RESULT", "PLAN", "ITEM_LIST"]), f"210504-2026Q3-{n:04d}")
        version, was = known.get((kind, no), (0, ""))
        state = "ISSUED" if not version else "CORRECTED" if was == "WITHDRAWN" else rng.choice(STATES[1:])
        change = {"ISSUED": {}, "CORRECTED": {"change": "correction"}, "WITHDRAWN": {"change": "withdrawal"}}[state]
        snapshot = {"kind": kind, "no": no, "version": version + 1, "salt": f"{rng.getrandbits(128):032x}", **change}
        text, doc = pub1.written(snapshot | {"title": rng.choice(["计划", "结果“二”", "𠮷\t\\"])})
        minute += rng.choice([0, 1, 61])
        at = f"2026-04-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+08:00"
        entry = pub1.Entry(kind, no, version + 1, state, doc, at)
        known[kind, no] = (version + 1, state)
        lines.append(entry.line)
        texts.append(text)
        tree.add(pub1.leaf_hash(entry.document.encode()))
    return "".join(pub1.register_text(lines, tree.size, tree.root)), texts


def touched(rng: random.Random, file: str) -> str:
    """One thing changed: a character, a line taken out, doubled or moved, an end that is not the end."""
    lines = file.split("\n")
    place = rng.randrange(len(lines))
    match rng.randrange(7):
        case 0:
            at = rng.randrange(len(file))
            return file[:at] + rng.choice("0aZ\t\n-é") + file[at + 1 :]
        case 1:
            del lines[place]
        case 2:
            lines.insert(place, lines[place])
        case 3:
            other = rng.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        case 4:
            docs = [line.split("\t")[4] for line in lines[1:-2]] or [""]
            lines[place] = lines[place].replace(docs[-1], docs[0]) if docs[0] else ""
        case 5:
            lines[place] = lines[place].replace("2026-04-01", "2026-03-31")
        case _:
            lines[place] = lines[place].replace("ISSUED", "CORRECTED")
    return "\n".join(lines)
