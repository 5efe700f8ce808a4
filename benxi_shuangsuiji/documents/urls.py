from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("desk/files/", views.file_rounds, name="file-rounds"),
    path("desk/jobs/", views.job_list, name="job-list"),
    path("desk/jobs/<int:pk>/", views.job_detail, name="job-detail"),
    path("desk/jobs/<int:pk>/result/", views.job_result, name="job-result"),
]
