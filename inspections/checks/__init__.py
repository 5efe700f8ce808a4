"""检查任务: one check of one facility, from the draw or from another source, up to its public result (七(四)-5, 七(五)).

Addresses: /desk/tasks/. `badges`: what a check's deadline shows. `known`: what of checks everybody may know. `loads`: how many
checks each inspector has. `notice`, `papers`: the forms of a check. `publication_days`: by when each result is public.
"""
