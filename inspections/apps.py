from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查"

    def ready(self):
        from benxi_shuangsuiji.notices import duties
        from benxi_shuangsuiji.web import frame as shell
        from inspections.checks import badges, known, loads, publication_days, registry_audit
        from inspections.coordination import views as coordination_views
        from registry import known as known_of_facilities
        from registry.audits import standing as audits
        from registry.inspectors import roster

        shell.COUNTS["inspections:field-tasks"] = badges.my_open_tasks
        shell.COUNTS["inspections:task-list"] = badges.waiting_for_review
        shell.COUNTS["inspections:coordination-list"] = coordination_views.waiting_for_me
        roster.LOADS.append(loads.known_to)
        known_of_facilities.PICKS.append(known.picks)
        known_of_facilities.CHECKS.append(known.checks)
        known_of_facilities.VISITS.append(known.visits)
        known_of_facilities.ONSITE.append(known.onsite)
        duties.ALSO_MOVED.append(publication_days.count_again)
        audits.LINES.append(registry_audit.lines)
