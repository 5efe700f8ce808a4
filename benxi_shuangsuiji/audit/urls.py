from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("desk/log/", views.log, name="log"),
    path("desk/log/export.xlsx", views.export, name="log-export"),
    path("desk/log/check/", views.check, name="log-check"),
]
