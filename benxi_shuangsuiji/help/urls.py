from django.urls import path

from . import views

app_name = "help"
urlpatterns = [
    path("desk/help/", views.home, name="home"),
    path("desk/help/first/", views.first, name="first"),
    path("desk/help/<str:chapter>/", views.chapter, name="chapter"),
]
