"""文书与指纹: the documents of a draw in the order in which they came about, each as a file to download (SSJ1 11)."""

from dataclasses import dataclass

from disclosure import words

from .documents import PublicDocument, PublicDraw

BY_RUN = ("SEED", "RESULT", "AMEND", "SLIPS")  # a correction gives these anew (SSJ1 9.1)


@dataclass(frozen=True)
class Download:
    """One document; `path` is its address below that of the draw, without the ending."""

    draw_id: str
    label: str
    document: PublicDocument
    path: str

    @property
    def digest(self) -> str:
        return self.document.digest

    @property
    def url(self) -> str:
        return f"/draws/{self.draw_id}/{self.path}.txt"

    @property
    def file(self) -> str:
        return f"{self.path.rpartition('/')[2]}.txt"


def downloads_of(found: PublicDraw) -> list[Download]:
    frames = {f.category: d for f, d in zip(found.frames, found.documents_of("FRAME"), strict=True)}
    last = max((d.run for d in found.documents), default=1)
    shown = []
    for kind, label in words.DOCUMENT_KINDS.items():
        if kind == "FRAME":
            shown += [
                Download(found.draw_id, f"{label}（{words.CATEGORIES[c]}）", frames[c], f"frames/{c}")
                for c in words.CATEGORIES
                if c in frames
            ]
        else:
            shown += [_download(found, label, d, last) for d in found.documents_of(kind)]
    return shown


def _download(found: PublicDraw, label: str, document: PublicDocument, last: int) -> Download:
    """A document of a run that was corrected says so, in its label and in its address."""
    path, notes = document.kind.lower(), []
    if document.number:
        path += f"-{document.number}"
        notes.append(f"第 {document.number} 次更换")
    if document.kind in BY_RUN and document.run < last:
        path = f"run-{document.run}-{path}"
        notes.append(f"第 {document.run} 次录入，已更正")
    return Download(found.draw_id, label + (f"（{'，'.join(notes)}）" if notes else ""), document, path)
