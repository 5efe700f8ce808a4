from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("desk/todo/", views.todo, name="todo"),
    path("desk/inbox/", views.inbox, name="inbox"),
    path("desk/inbox/<int:pk>/", views.open_message, name="message-open"),
]
