"""Template tags for the look of pages: icons, drawings, fields, the frame around a page.

{% load look %}
{% icon "arrow" %}                 a sign, always beside a word
{% art "room" %}                   a drawing, inline, so that it follows light and dark
{% field form.email %}             label, help, what is wrong, control
{% field form.pain "scale" %}      0 to 10 in one row
{% wrongs form %}                  what needs another look, with links to the fields
{% here "articles" "article" %}    aria-current, for a link in the navigation
{% side as side %}                 whose page it is: public, client, practitioner
{% nav_link "portal_history" _("History") %}
{% own_colors practice %}          the stylesheet of a practice with colors of its own
{% portrait person.photo person.name %}
"""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.context import Context
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from practice.access import rows
from practice.business.engine import colors
from practice.core.locales import phone_numbers
from practice.models import Practice, User
from practice.pictures import files
from practice.pictures.engine.prepare import PHOTO_SIDES
from practice.security.device_name import device_name

register = template.Library()

ACCOUNT_PAGES = ("account_", "mfa_", "usersessions_")
NOTICES = {  # message level → (class, icon)
    "warning": ("notice notice--wait", "bell"),
    "error": ("notice notice--heed", "heed"),
}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """Return one icon of the sprite, hidden from screen readers, since a word is beside it.

    A page has dozens, and the sprite's address is the same as long as the program runs.
    """
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
def art(name: str, id: str = "") -> SafeString:
    """Return the drawing templates/art/<name>.svg, inline; nothing for an empty name.

    `id`: under it the page can show the drawing once more, with `art_again`.
    """
    if not name:
        return mark_safe("")
    drawing = render_to_string(f"art/{name}.svg").strip()
    if not id:
        return mark_safe(drawing)
    frame, _, strokes = drawing.removesuffix("</svg>").partition(">")
    return mark_safe(f'{frame}><g class="art" id="{escape(id)}">{strokes}</g></svg>')


@register.simple_tag
def art_again(name: str, id: str) -> SafeString:
    """Return the drawing once more, where the page has it already under this `id`: a drawing is heavy."""
    if not name:
        return mark_safe("")
    frame, _, _ = render_to_string(f"art/{name}.svg").strip().partition(">")
    return mark_safe(f'{frame}><use href="#{escape(id)}"/></svg>')


@register.simple_tag
def art_if_any(name: str) -> SafeString:
    """Return the drawing as `art` does; nothing for an unknown name, which a row may have."""
    try:
        return art(name)
    except TemplateDoesNotExist:
        return mark_safe("")


def region_at(place: object) -> str:
    """Return the country of a practice; the site's own where none is given."""
    return str(getattr(place, "region", "") or settings.PHONENUMBER_DEFAULT_REGION)


@register.filter
def tel(number: object, place: object = None) -> str:
    """Return a phone number as the address of a link: `tel:+13035550142`, `tel:+13035550142;ext=12`."""
    return phone_numbers.link(str(number), region=region_at(place))


@register.filter
def may_see(user: object, thing: str) -> bool:
    """Return whether a staff member may see anything of a thing (`practice/access/roles.py`)."""
    return isinstance(user, User) and rows.may(user, thing)


@register.filter
def may_change(user: object, thing: str) -> bool:
    """Return whether a staff member may change anything of a thing."""
    return isinstance(user, User) and rows.may(user, thing, "change")


@register.filter
def number(value: object, place: object = None) -> str:
    """Return a phone number as the place writes it: "303 555 0117"; foreign ones with their prefix."""
    return phone_numbers.shown(str(value), region=region_at(place))


@register.filter
def phone(value: object, place: object = None) -> str:
    """Return a phone number as `number` does, in one piece: no line ends within it."""
    shown = number(value, place)
    return shown.replace(" ", "\u00a0") if phone_numbers.read(shown, region=region_at(place)) else shown


@register.filter
def opening(html: str) -> SafeString:
    """Return the text before its first h2, where an article's drawing goes. The html is clean already."""
    return mark_safe(str(html).partition("<h2")[0])


@register.filter
def after_opening(html: str) -> SafeString:
    """Return the text from its first h2 on."""
    _, heading, rest = str(html).partition("<h2")
    return mark_safe(heading + rest)


# --- The frame -------------------------------------------------------------------------------------
def _page(context: Context) -> tuple[str, str]:
    """Return the url name and the route of the page; empty on an error page."""
    match = getattr(context.get("request"), "resolver_match", None)
    return (match.view_name or "", match.route or "") if match else ("", "")


@register.simple_tag(takes_context=True)
def here(context: Context, *names: str) -> SafeString:
    """Return `aria-current="page"` on the first name's page, `"true"` on the pages below it.

    A name that ends with a slash stands for all pages whose address begins like this.
    """
    name, route = _page(context)
    if name not in names and not any(one.endswith("/") and route.startswith(one) for one in names):
        return mark_safe("")
    return format_html(' aria-current="{}"', "page" if name == names[0] else "true")


@register.simple_tag(takes_context=True)
def away(context: Context) -> SafeString:
    """Return attributes for a link that must leave another site's frame."""
    embedded = getattr(context.get("request"), "embedded", False)
    return mark_safe(' target="_blank" rel="noopener"' if embedded else "")


@register.simple_tag(takes_context=True)
def side(context: Context) -> str:
    """Return whose page it is: "public", "client" or "practitioner".

    A client who asks for a page of the workspace finds nothing there, and keeps their own navigation.
    """
    name, route = _page(context)
    user = context.get("user")
    at_work = getattr(user, "is_staff", False)
    if route.startswith("workspace/"):
        return "practitioner" if at_work else "client"
    if route.startswith("portal/"):
        return "client"
    if name.startswith(ACCOUNT_PAGES) and getattr(user, "is_authenticated", False):
        return "practitioner" if at_work else "client"
    return "public"


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, words: str, *below: str) -> SafeString:
    """Return a link of the navigation; nothing for a page that does not exist."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return mark_safe("")
    return format_html('<a href="{}"{}>{}</a>', address, here(context, name, *below), words)


@register.inclusion_tag("includes/notice.html")
def notice(message: Any) -> dict[str, object]:
    """Show one message of the messages framework."""
    look, sign = NOTICES.get(message.level_tag, ("notice", "check"))
    return {"message": message, "look": look, "sign": sign, "urgent": message.level_tag == "error"}


@register.simple_tag(takes_context=True)
def device_name_of_reader(context: Context) -> str:
    """Return the name under which this reader's things are in their browser; "" for a visitor."""
    user = context.get("user")
    return device_name(user) if user else ""


# --- The practice's own look -------------------------------------------------------------------------
def _colors_address(light: str, dark: str) -> str:
    # The pages in another site's frame have addresses of their own, and this one is the same for all.
    address = reverse("look_css", urlconf=settings.ROOT_URLCONF)
    return f"{address}?light={light.removeprefix('#').lower()}&dark={dark.removeprefix('#').lower()}"


@register.simple_tag
def own_colors(practice: Practice | None) -> SafeString:
    """Return the link to the stylesheet of a practice with colors of its own; nothing for others."""
    light = getattr(practice, "accent", "")
    if not light:
        return mark_safe("")
    dark = getattr(practice, "accent_dark", "") or colors.partner(light)
    return format_html('<link rel="stylesheet" href="{}">', _colors_address(light, dark))


@register.simple_tag
def sample_colors(light: str, dark: str) -> SafeString:
    """Return the link to the stylesheet of the samples, with colors that are not saved."""
    return format_html('<link rel="stylesheet" href="{}&sample=1">', _colors_address(light, dark))


@register.simple_tag
def logo_of(practice: Practice | None) -> files.Logo | None:
    """Return the practice's logo, or None."""
    return files.logo_of(practice) if practice else None


@register.simple_tag
def portrait(photo: str, name: str, look: str = "portrait") -> SafeString:
    """Return the photo of someone, named by their name; nothing without one."""
    if not photo:
        return mark_safe("")
    addresses = [files.address(files.PEOPLE, name) for name in files.photo_files(photo)]
    sources = ", ".join(f"{one} {side}w" for one, side in zip(addresses, PHOTO_SIDES, strict=True))
    return format_html(
        '<img class="{}" src="{}" srcset="{}" sizes="12rem" width="{}" height="{}" alt="{}" loading="lazy">',
        *(look, addresses[-1], sources, PHOTO_SIDES[-1], PHOTO_SIDES[-1], name),
    )


# --- Forms -----------------------------------------------------------------------------------------
def _kind(bound: BoundField, style: str) -> str:
    widget = bound.field.widget
    if style:
        return style
    if isinstance(widget, CheckboxInput):
        return "tick"
    return "choices" if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)) else "line"


def _described_by(bound: BoundField) -> str:
    ids = []
    if bound.help_text:
        ids.append(f"{bound.auto_id}_help")
    if bound.errors:
        ids.append(f"{bound.auto_id}_wrong")
    return " ".join(ids)


@register.inclusion_tag("includes/field.html")
def field(bound: BoundField, style: str = "", ends: str = "") -> dict[str, object]:
    """Show label, help, error and control of a field, in this order.

    style: "" lets the widget decide; "scale" lays radio buttons in one row; "row" sets choices side by side;
    "asked" does not say "(optional)" where another answer makes this one needed.
    ends: for a scale, what its two ends mean, divided by a bar: "0, none|10, the worst you can think of".
    """
    attrs: dict[str, str | bool] = {
        "placeholder": False
    }  # what stands inside a field disappears while one writes
    if described := _described_by(bound):
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = _kind(bound, style.removeprefix("asked"))
    one_control = kind in ("line", "tick")
    return {
        "field": bound,
        "kind": "choices" if kind == "row" else kind,
        "row": kind == "row",
        "described": described,
        "control": bound.as_widget(attrs=attrs) if one_control else "",
        "optional": not bound.field.required and kind != "tick" and style != "asked",
        "ends": [end.strip() for end in ends.split("|")] if ends else [],
    }


def _first_id(bound: BoundField) -> str:
    """Return where a link to the field should land; a group of choices has no id of its own."""
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("includes/wrongs.html")
def wrongs(*forms: BaseForm, said: str = "") -> dict[str, object]:
    """Show the errors of forms, each with a link to its field; nothing without errors.

    said: a sentence of comfort, such as "Your time is still held, and what you wrote is still here."
    """
    found: list[tuple[str, str]] = []
    for form in forms:
        found += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            for error in list(bound.errors)[:1]:
                words = str(error) if bound.is_hidden else f"{str(bound.label).rstrip('.?:')}: {error}"
                found.append(("" if bound.is_hidden else _first_id(bound), words))
    return {"found": found, "said": said}
