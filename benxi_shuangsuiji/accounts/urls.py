from django.urls import path

from . import account_views, contact_views, sign_in_views

app_name = "accounts"
urlpatterns = [
    path("desk/login/", sign_in_views.login, name="login"),
    path("desk/logout/", sign_in_views.logout, name="logout"),
    path("desk/password/", sign_in_views.password, name="password"),
    path("desk/accounts/", account_views.account_list, name="account-list"),
    path("desk/accounts/new/", account_views.account_new, name="account-new"),
    path("desk/accounts/<int:pk>/", account_views.account_detail, name="account-detail"),
    path("desk/accounts/<int:pk>/off/", account_views.account_off, name="account-off"),
    path("desk/accounts/<int:pk>/on/", account_views.account_on, name="account-on"),
    path("desk/accounts/<int:pk>/unlock/", account_views.account_unlock, name="account-unlock"),
    path("desk/accounts/<int:pk>/reset/", account_views.account_reset, name="account-reset"),
    path("desk/accounts/<int:pk>/grants/new/", account_views.grant_new, name="account-grant"),
    path("desk/contacts/", contact_views.contact_list, name="contact-list"),
    path("desk/contacts/<str:unit>/", contact_views.contact_edit, name="contact-edit"),
    path("desk/accounts/<int:pk>/grants/<int:grant>/end/", account_views.grant_end, name="account-grant-end"),
]
