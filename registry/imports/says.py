"""What a cell says."""

from dataclasses import dataclass, field


@dataclass
class Reading:
    """What a cell says: a value (None = says nothing), a problem with its remedy, and remarks worth a look."""

    value: object = None
    problem: str = ""
    remedy: str = ""
    notes: list[str] = field(default_factory=list)
    alone: bool = False  # one day, which nothing calls the first or the last
    also: dict = field(default_factory=dict)  # what the same cell says for other columns, where those say nothing

    @classmethod
    def wrong(cls, problem: str, remedy: str) -> "Reading":
        return cls(problem=problem, remedy=remedy)
