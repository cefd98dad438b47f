"""The back office: Django's admin in our words. It changes states by the same actions as the pages."""

import django.contrib.auth.admin  # noqa: F401  it registers Group, which is taken out below
from allauth.account import admin as account_admin
from allauth.mfa import admin as mfa_admin
from allauth.usersessions import admin as sessions_admin
from django.contrib import admin
from django.contrib.auth.models import Group

from practice.admin import articles, business, letters, people, records

# Keys, codes and open sessions are their owners' own, on the account pages. Rights go by role, not by group.
OTHERS = (
    Group,
    account_admin.EmailAddress,
    mfa_admin.Authenticator,
    sessions_admin.UserSession,
)
for model in OTHERS:
    admin.site.unregister(model)

__all__ = ["articles", "business", "letters", "people", "records"]
