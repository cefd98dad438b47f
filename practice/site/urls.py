"""The addresses of the practice's own pages."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from practice.accounts.views import address, enter, language, sign_in, workspace_sign_in_help
from practice.articles import workspace_views as articles_workspace
from practice.business import views as business_pages
from practice.business import workspace_views as business_workspace
from practice.consents import workspace_views as consents_workspace
from practice.email_texts import workspace_views as email_texts_workspace
from practice.health import workspace_views as health_workspace
from practice.mail import workspace_views as mail_workspace
from practice.mail_events import views as mail_events
from practice.observability import metrics
from practice.other_language import workspace_views as other_language_workspace
from practice.pictures import views as pictures
from practice.pictures import workspace_views as pictures_workspace
from practice.retention import views as retention
from practice.retention import workspace_views as retention_workspace
from practice.site.views import health, pages, previews, robots
from practice.texting import views as texting
from practice.texting import workspace_views as texting_workspace

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("articles/", pages.articles, name="articles"),
    path("articles/<slug:slug>/", pages.article, name="article"),
    path("privacy/", pages.privacy, name="privacy"),
    path("privacy/how-long/", retention.how_long, name="how_long"),
    path("address/<str:token>/", address.address_back, name="address_back"),
    path("accounts/login/", sign_in.SignIn.as_view(), name="account_login"),
    path("accounts/login/code/", sign_in.RequestCode.as_view(), name="account_request_login_code"),
    path("accounts/login/code/confirm/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path(
        "accounts/reauthenticate/code/confirm/",
        sign_in.ConfirmCodeAgain.as_view(),
        name="account_confirm_reauthentication_code",
    ),
    path("accounts/signup/", sign_in.SignUp.as_view(), name="account_signup"),
    path("accounts/sessions/", address.sessions, name="usersessions_list"),
    path("accounts/language/", language.choose, name="choose_language"),
    path("enter/<str:token>/", enter.enter, name="enter"),
    path("set-up/<str:token>/", enter.set_up, name="set_up"),
    path("workspace/letters/", mail_workspace.letters, name="workspace_letters"),
    path("workspace/letters/<int:pk>/", mail_workspace.letter, name="workspace_letter"),
    path("workspace/letters/<int:pk>/preview/", mail_workspace.preview, name="workspace_letter_preview"),
    path("workspace/letters/<int:pk>/again/", mail_workspace.resend, name="workspace_letter_again"),
    path("workspace/letters/<int:pk>/leave/", mail_workspace.leave_it, name="workspace_letter_leave"),
    path("workspace/text-messages/", texting_workspace.costs, name="workspace_text_messages"),
    path("text-messages/incoming/", texting.incoming, name="text_incoming"),
    path("text-messages/status/<str:reference>/", texting.status, name="text_status"),
    path("workspace/status/", health_workspace.status, name="workspace_status"),
    path("workspace/practice/details/", business_workspace.details, name="workspace_details"),
    path("workspace/practice/words/", business_workspace.words, name="workspace_words"),
    path("workspace/practice/words/preview/", previews.home, name="workspace_home_preview"),
    path("workspace/settings/retention/", retention_workspace.retention, name="workspace_retention"),
    path("workspace/practice/look/", business_workspace.look, name="workspace_branding"),
    path("workspace/practice/photo/", pictures_workspace.photo, name="workspace_own_photo"),
    path(
        "workspace/practice/people/<int:pk>/photo/", pictures_workspace.photo, name="workspace_person_photo"
    ),
    path("workspace/practice/articles/", articles_workspace.articles, name="workspace_articles"),
    path("workspace/practice/articles/new/", articles_workspace.article, name="workspace_article_new"),
    path("workspace/practice/articles/new/preview/", previews.article, name="workspace_article_preview_new"),
    path("workspace/practice/articles/<int:pk>/", articles_workspace.article, name="workspace_article"),
    path("workspace/practice/articles/<int:pk>/preview/", previews.article, name="workspace_article_preview"),
    path(
        "workspace/practice/other-language/",
        other_language_workspace.other_language,
        name="workspace_other_language",
    ),
    path(
        "workspace/practice/other-language/<slug:key>/<int:pk>/",
        other_language_workspace.other_texts,
        name="workspace_other_texts",
    ),
    path("workspace/settings/email-texts/", email_texts_workspace.email_texts, name="workspace_email_texts"),
    path(
        "workspace/settings/email-texts/<str:key>/<slug:language>/",
        email_texts_workspace.email_text,
        name="workspace_email_text",
    ),
    path(
        "workspace/settings/email-texts/<str:key>/<slug:language>/preview/",
        email_texts_workspace.email_text_preview,
        name="workspace_email_text_preview",
    ),
    path(
        "workspace/settings/email-texts/<str:key>/<slug:language>/send/",
        email_texts_workspace.email_text_send,
        name="workspace_email_text_send",
    ),
    path(
        "workspace/settings/email-texts/<str:key>/<slug:language>/back/",
        email_texts_workspace.email_text_put_back,
        name="workspace_email_text_put_back",
    ),
    path("workspace/settings/consent/", consents_workspace.texts, name="workspace_consent"),
    path("workspace/settings/sign-in/", workspace_sign_in_help.sign_in_help, name="workspace_sign_in_help"),
    path(
        "workspace/settings/sign-in/<int:pk>/end/", workspace_sign_in_help.end, name="workspace_sign_in_end"
    ),
    path(
        "workspace/settings/sign-in/<int:pk>/reset/",
        workspace_sign_in_help.reset,
        name="workspace_sign_in_reset",
    ),
    path("email-events/<slug:provider>/", mail_events.email_events, name="email_events"),
    path("email-events/<slug:provider>/replies/", mail_events.email_replies, name="email_replies"),
    path("look.css", business_pages.look_css, name="look_css"),
    path("pictures/people/<slug:name>.webp", pictures.picture, {"folder": "people"}, "picture_people"),
    path("pictures/look/<slug:name>.webp", pictures.picture, {"folder": "look"}, "picture_look"),
    path("robots.txt", robots.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("livez", health.livez, name="livez"),
]
