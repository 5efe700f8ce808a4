from django.urls import path

from . import addresses, views  # noqa: F401  (addresses: the converter of years)

app_name = "workdays"
urlpatterns = [
    path("desk/workdays/", views.workday_list, name="workday-list"),
    path("desk/workdays/<year:year>/publish/", views.workday_publish, name="workday-publish"),
    path("desk/workdays/correct/", views.workday_correct, name="workday-correct"),
    path("desk/workdays/<int:pk>/restore/", views.workday_restore, name="workday-restore"),
]
