from django.urls import path

from benxi_shuangsuiji.notices.deadlines import views as deadline_views
from benxi_shuangsuiji.notices.first_use import views as first_use_views
from benxi_shuangsuiji.notices.numbers import views as policy_views

from . import views

app_name = "notices"
urlpatterns = [
    path("desk/todo/", views.todo, name="todo"),
    path("desk/inbox/", views.inbox, name="inbox"),
    path("desk/inbox/read/", views.read_all, name="inbox-read"),
    path("desk/inbox/log/", views.deliveries, name="deliveries"),
    path("desk/inbox/<int:pk>/", views.open_message, name="message-open"),
    path("desk/calendar/", deadline_views.deadline_list, name="deadline-list"),
    path("desk/calendar/rules/", deadline_views.deadline_rules, name="deadline-rules"),
    path("desk/calendar/rules/change/", policy_views.policy_propose, name="policy-propose"),
    path("desk/calendar/rules/<int:pk>/decide/", policy_views.policy_decide, name="policy-decide"),
    path("desk/first-use/", first_use_views.first_use, name="first-use"),
    path("desk/calendar/feed/", deadline_views.deadline_feed, name="deadline-feed"),
    path("calendar/<str:token>.ics", deadline_views.deadline_ics, name="deadline-ics"),
]
