"""后续处理: each step after a result is made public by itself (八(二)-e, -f). Addresses: /desk/publish/step/….

The room where it happened hands it over (`inspections.followups.actions.hand_over`); the public reads it beside the
result, whose own snapshot stays (`disclosure.results.followups`).
"""
