"""The rooms of the four apps, each in the order in which their work may stand on one another (docs/architecture.md).

Work of a room uses work of rooms before it; pages use any work. Rooms to come have their place: `evidence` before
`visits`, `rectification` and `referrals` after `review`, `supervision` before `reports`, `archive` after `reports`.
"""

ROOMS: dict[str, tuple[str, ...]] = {
    "registry": (
        *("facilities", "complaints", "history", "inspectors", "positive_list", "ratings", "imports"),
        *("interests", "proposals", "tags", "staff_checks", "audits", "admin"),
    ),
    "plans": (
        *("lottery", "bases", "lists", "quotas", "local", "quarterly", "draw"),
        *("filings", "amendments", "aborts", "corrections", "proofs"),
    ),
    "inspections": (
        *("frequency", "coverage", "checks", "dispatch", "visits", "review", "onsite", "replacements", "corrections"),
        *("targeted", "campaigns", "reports", "oversight", "coordination", "desk"),
    ),
    "disclosure": ("city", "draws", "lists", "publishing", "results", "site"),
}
