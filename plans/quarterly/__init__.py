"""季度计划: what one unit sets out to check in one quarter, approved and public before the draw (六(一)2). Addresses: /desk/plans/.

`late`: plans past their day. `law_changes`: plans that a changed number reaches. `rows`: the plan as rows of its form.
`reckoning`: what an editor sees while he types. `papers`: the plan as an official document.
"""
