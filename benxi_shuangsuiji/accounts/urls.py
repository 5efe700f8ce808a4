from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("desk/login/", views.login, name="login"),
    path("desk/logout/", views.logout, name="logout"),
]
