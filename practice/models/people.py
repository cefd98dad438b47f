"""The models of people: everybody who signs in is a `User`; some are `Practitioner`s too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from practice.access import roles
from practice.core.locales.readers import LANGUAGES
from practice.models.business import Room
from practice.models.language import language_of_this_page
from practice.models.phone import PhoneField
from practice.models.readers_text import ReadersTextField
from practice.models.search import keep_search_words
from practice.models.validators import validate_zone

#: The fields by which people are found.
SEARCHED = frozenset({"name", "email", "phone"})


class UserQuerySet(models.QuerySet["User"]):
    """A query set that keeps the search words in step when it writes many people at once."""

    def update(self, **fields: Any) -> int:
        """Change all of them; see `models.QuerySet.update`."""
        if not SEARCHED & fields.keys():
            return super().update(**fields)
        with transaction.atomic():
            pks = list(self.values_list("pk", flat=True))
            changed = super().update(**fields)
            keep_search_words(self.model.objects.filter(pk__in=pks))
        return changed

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Create all of them; see `models.QuerySet.bulk_create`."""
        made: list[Any] = super().bulk_create(objs, *args, **options)
        keep_search_words(made)
        return made


class UserManager(BaseUserManager["User"]):
    """A manager that makes users; addresses are in lower case, and none at all is NULL."""

    def get_queryset(self) -> UserQuerySet:
        """Return everybody."""
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str | None = None, *, password: str | None = None, **fields: Any) -> User:
        """Create a user. Without a password they sign in by emailed code or passkey."""
        user = self.model(email=tidy_email(email), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an owner, for `manage.py createsuperuser`."""
        return self.create_user(email, password=password, role=User.Role.OWNER, **fields)

    def clients(self) -> models.QuerySet[User]:
        """Return everybody who has no role at work."""
        return self.filter(role=User.Role.CLIENT)

    def owners(self) -> models.QuerySet[User]:
        """Return the owners whose account is open."""
        return self.filter(role=User.Role.OWNER, is_active=True)

    def family(self, pk: int) -> list[int]:
        """Return the ids of all records of one person: those merged into another first, the kept one last."""
        kept = self.filter(pk=pk).values_list("merged_into", flat=True).first() or pk
        return [*self.filter(merged_into=kept).order_by("pk").values_list("pk", flat=True), kept]

    def by_email(self, email: str) -> User | None:
        """Return the user with this address, whatever its case; None for nobody."""
        return self.filter(email=tidy_email(email)).first() if tidy_email(email) else None


def tidy_email(email: str | None) -> str | None:
    """Return the address in lower case without blanks; None for an empty one, since addresses are unique."""
    return (email or "").strip().lower() or None


class User(AbstractBaseUser):
    """A person with a record here. A guest who books is one too: unverified, without a password."""

    class Role(models.TextChoices):
        CLIENT = "client", _("Client")
        FRONT_DESK = "front_desk", _("Front desk")
        PRACTITIONER = "practitioner", _("Practitioner")
        OWNER = "owner", _("Owner")

    class OpensFirst(models.TextChoices):
        TODAY = "today", _("Today")
        WEEK = "week", _("Week")

    email = models.EmailField(_("email"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=150)
    phone = PhoneField(_("phone"), blank=True, max_length=128)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.CLIENT, db_index=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_zone])
    language = models.CharField(max_length=10, default=language_of_this_page, choices=LANGUAGES)
    correspondent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="attendees",
        help_text="Who books for them: emails about their sessions go there while they have no address.",
    )
    wants_reminders = models.BooleanField(_("reminders before a session"), default=True)
    opens_first = models.CharField(
        max_length=5,
        choices=OpensFirst,
        default=OpensFirst.TODAY,
        editable=False,
        help_text="The page of the workspace that opens on a computer; on a phone it is always Today.",
    )
    is_active = models.BooleanField(_("active"), default=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_away",
        help_text="The record this one was merged into: they were one person. It no longer signs in.",
    )
    merged_email = models.EmailField(
        blank=True,
        db_index=True,
        editable=False,
        help_text="Its address before the merge, on file: it signs nobody in until its reader proves it.",
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often everybody signed in as them was signed out."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name or self.email or str(self.pk)

    def clean(self) -> None:
        super().clean()
        self.email = tidy_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the person, and the words under which they are found.

        Saving locks the row, so of two people who save it at once, the second writes the words.
        """
        self.email = tidy_email(self.email)
        is_new, only = self._state.adding, kwargs.get("update_fields")
        if only is not None and not SEARCHED & set(only):
            super().save(*args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            # Of some fields only, the others may be old in this copy.
            people = [self] if only is None else User.objects.filter(pk=self.pk)
            keep_search_words(people, are_new=is_new)

    @property
    def first_name(self) -> str:
        """Return the name for a greeting: the first word of the name."""
        return self.name.split()[0] if self.name.split() else ""

    @property
    def is_staff(self) -> bool:
        """Return whether the user works here: may enter the workspace and, by role, the back office."""
        return self.is_active and roles.works_here(self.role)

    @property
    def is_client(self) -> bool:
        """Return whether the user has no role at work, be the account open or closed."""
        return self.role == User.Role.CLIENT

    @property
    def is_superuser(self) -> bool:
        """Return whether the user is the owner, with an open account."""
        return self.is_active and roles.is_owner(self.role)

    @property
    def contact(self) -> User:
        """Return the person to write to about their sessions: themselves, or the one who books for them."""
        return self.correspondent if not self.email and self.correspondent else self

    def get_session_auth_hash(self) -> str:
        """Return the hash a session must hold: a changed password or address ends sessions everywhere.

        So does a raised `sessions_ended`, at the session's next page.
        """
        return self._hash_of_session(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same hash under earlier secret keys."""
        yield from (self._hash_of_session(key) for key in settings.SECRET_KEY_FALLBACKS)

    def _hash_of_session(self, secret: str | bytes) -> str:
        words = f"{self.password} {self.email or ''}"
        if self.sessions_ended:  # without it, sessions begun before there was a count go on
            words = f"{words} {self.sessions_ended}"
        return salted_hmac("practice.session", words, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return whether the table of roles allows a permission like "booking.change_package".

        It says only whether there may be any rows; which ones, says `practice/access/rows.py`.
        """
        app, _dot, rest = perm.partition(".")
        action, _line, model = rest.partition("_")
        verb: roles.Verb = "see" if action == "view" else "change"
        return self.is_staff and roles.scope_of_model(self.role, f"{app}.{model}", verb) > roles.Scope.NOTHING

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        """Return whether the user has all of these permissions."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Return whether the back office lists this app."""
        models = (model for model in roles.RESOURCE_OF if model.startswith(f"{app_label}."))
        return any(self.has_perm(f"{app_label}.view_{model.partition('.')[2]}") for model in models)


class AddressChange(models.Model):
    """A change of somebody's sign-in address. The old one can be restored for some days."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    old = models.EmailField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(null=True)


class Practitioner(models.Model):
    """A person who gives sessions, in a room and a time zone."""

    class Notices(models.TextChoices):
        AT_ONCE = "at_once", _("one email for each change")
        DIGEST = "digest", _("one email every morning")
        NONE = "none", _("no emails")

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="practitioner")
    slug = models.SlugField(_("web address"), unique=True)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True)
    bio = ReadersTextField(_("in their own words"), blank=True)
    video_link = models.URLField(
        _("link to their video calls"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("Clients with video sessions find it on their page and in their emails."),
    )
    since = models.PositiveSmallIntegerField(_("working here since"), null=True, blank=True)
    photo = models.CharField(
        max_length=32,
        blank=True,
        default="",
        editable=False,
        help_text="The name of the files in MEDIA_ROOT/people/, made of their content.",
    )
    notices = models.CharField(
        _("emails about bookings, changes and cancellations"),
        max_length=8,
        choices=Notices,
        default=Notices.AT_ONCE,
    )
    is_bookable = models.BooleanField(_("can be booked"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.user.name

    @property
    def first_name(self) -> str:
        """Return the name that pages use: "with Tess"."""
        return self.user.first_name
