"""What gunicorn serves for the benchmark of the public side: the site, and a trivial view through the same middleware."""

from importlib import import_module

from django.http import HttpResponse
from django.urls import path

from benxi_shuangsuiji.wsgi import application

__all__ = ["application"]


def trivial(request):
    return HttpResponse("ok")


trivial.access = "public"
# After the application, which loads the apps.
import_module("benxi_shuangsuiji.urls").urlpatterns.insert(0, path("trivial/", trivial))
