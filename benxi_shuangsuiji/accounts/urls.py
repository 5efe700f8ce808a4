from django.urls import path

from . import account_views, contact_views, request_views, second_factor_views, sign_in_views, unit_views

app_name = "accounts"
urlpatterns = [
    path("desk/login/", sign_in_views.login, name="login"),
    path("desk/logout/", sign_in_views.logout, name="logout"),
    path("desk/stay/", sign_in_views.stay, name="stay"),
    path("desk/password/", sign_in_views.password, name="password"),
    path("desk/second-factor/", second_factor_views.second_factor_page, name="second-factor"),
    path("desk/second-factor/setup/", second_factor_views.second_factor_setup, name="second-factor-setup"),
    path("desk/second-factor/codes/", second_factor_views.recovery_codes, name="recovery-codes"),
    path("desk/devices/", second_factor_views.own_devices, name="devices"),
    path("desk/devices/<int:pk>/end/", second_factor_views.device_end, name="device-end"),
    path("desk/accounts/", account_views.account_list, name="account-list"),
    path("desk/accounts/new/", account_views.account_new, name="account-new"),
    path("desk/accounts/<int:pk>/", account_views.account_detail, name="account-detail"),
    path("desk/accounts/<int:pk>/off/", account_views.account_off, name="account-off"),
    path("desk/accounts/<int:pk>/on/", account_views.account_on, name="account-on"),
    path("desk/accounts/<int:pk>/unlock/", account_views.account_unlock, name="account-unlock"),
    path("desk/accounts/<int:pk>/rename/", account_views.account_rename, name="account-rename"),
    path("desk/accounts/<int:pk>/email/", account_views.account_email, name="account-email"),
    path("desk/accounts/<int:pk>/move/", account_views.account_move, name="account-move"),
    path(
        "desk/accounts/<int:pk>/second-factor/", second_factor_views.second_factor_reset, name="account-second-factor"
    ),
    path("desk/accounts/<int:pk>/reset/", account_views.account_reset, name="account-reset"),
    path("desk/accounts/<int:pk>/grants/new/", account_views.grant_new, name="account-grant"),
    path("desk/grants/ask/", request_views.grant_ask, name="grant-ask"),
    path("desk/grants/<int:pk>/", request_views.grant_request, name="grant-request"),
    path("desk/units/", unit_views.unit_list, name="unit-list"),
    path("desk/units/new/", unit_views.unit_new, name="unit-new"),
    path("desk/units/site/", unit_views.city_names, name="city-names"),
    path("desk/units/districts/", unit_views.city_districts, name="city-districts"),
    path("desk/units/changes/<int:pk>/", unit_views.unit_change, name="unit-change"),
    path("desk/units/changes/<int:pk>/withdraw/", unit_views.unit_withdraw, name="unit-withdraw"),
    path("desk/units/<str:unit>/rename/", unit_views.unit_rename, name="unit-rename"),
    path("desk/units/<str:unit>/close/", unit_views.unit_close, name="unit-close"),
    path("desk/contacts/", contact_views.contact_list, name="contact-list"),
    path("desk/contacts/<str:unit>/", contact_views.contact_edit, name="contact-edit"),
    path("desk/accounts/<int:pk>/grants/<int:grant>/end/", account_views.grant_end, name="account-grant-end"),
]
