"""A receipt as a PDF: the same bytes each time, from what was kept when it was issued."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import fpdf
from django.utils.translation import gettext as _

from booking.models import LedgerEntry, Receipt
from booking.payments.engine.ledger import Why
from booking.payments.receipts.typefaces import (
    FALLBACK_FILES,
    FAMILY,
    HEADLINE,
    TEXT_FILES,
    fallbacks_for,
    printed_as,
)
from booking.payments.wording import way_in_words
from practice.core import formatting
from practice.shipped_texts import reading_in

Content = Mapping[str, Any]
#: In millimeters; colors as on the pages.
EDGE, LINE, WIDE = 24, 6.2, 162
INK, SOFT, RULE = (38, 35, 31), (98, 92, 84), (214, 206, 194)
US_PAPER = ("US", "CA", "MX", "PH", "CL", "CO", "VE")


def pdf_of(receipt: Receipt) -> bytes:
    """Return the file of a receipt. Its client must not have been erased."""
    content = receipt.content
    with reading_in(content["language"]):
        page = _page(content, receipt.issued_at)
        for part in (_heading, _addressee, _session, _entries, _totals, _tax, _note):
            part(page, content)
        return bytes(page.output())


def filename(receipt: Receipt) -> str:
    """Return the name of the file, without the client's."""
    return f"receipt-{receipt.number}.pdf"


def _page(content: Content, issued_at: dt.datetime) -> fpdf.FPDF:
    region = content["locale"].partition("-")[2].upper()
    page = fpdf.FPDF(format="letter" if region in US_PAPER else "a4")
    page.set_title(_title(content))
    page.set_author(content["practice"]["name"])
    page.set_lang(content["language"])
    page.set_creation_date(issued_at.astimezone(dt.UTC))
    for (family, style), file in TEXT_FILES.items():
        page.add_font(family, style, file)
    fallbacks = fallbacks_for(json.dumps(content, ensure_ascii=False))
    for family in fallbacks:
        page.add_font(family, "", FALLBACK_FILES[family])
    page.set_fallback_fonts(fallbacks, exact_match=False)
    page.set_margins(EDGE, EDGE)
    page.c_margin = 0
    page.set_auto_page_break(True, margin=EDGE)
    page.add_page()
    return page


def _title(content: Content) -> str:
    return _("Receipt %(number)s") % {"number": content["number"]}


def _heading(page: fpdf.FPDF, content: Content) -> None:
    practice = content["practice"]
    _write(page, practice["name"], family=HEADLINE, size=22, height=10)
    for line in (*practice["address"], practice["phone"], practice["email"]):
        _write(page, line, color=SOFT, height=5.2, size=10)
    tax = content["tax"]
    if tax["number"]:
        named = tax["name"] or _("Tax number")
        _write(page, f"{named}: {tax['number']}", color=SOFT, height=5.2, size=10)
    page.ln(10)
    _write(page, _title(content), family=HEADLINE, size=18, height=9)
    _write(page, _date(content, content["issued_on"]))
    if content["replaces"]:
        _write(page, _("Replaces receipt %(number)s.") % {"number": content["replaces"]}, color=SOFT)


def _addressee(page: fpdf.FPDF, content: Content) -> None:
    page.ln(4)
    _write(page, _("For %(name)s") % {"name": content["to"]}, size=12)
    page.ln(4)


def _session(page: fpdf.FPDF, content: Content) -> None:
    session = content["session"]
    what = _("Late fee: %(session)s") if session["why"] == Why.LATE_FEE else "%(session)s"
    said = [what % {"session": session["what"]}, _date(content, session["day"])]
    if session["for"] and session["for"] != content["to"]:
        said.append(_("for %(name)s") % {"name": session["for"]})
    said.append(_("with %(name)s") % {"name": session["with"]})
    _rule(page)
    _sum(page, ", ".join(said), _money(content, session["cents"]))
    if session["waived"]:
        _sum(page, _("Waived"), _money(content, -session["waived"]))


def _entries(page: fpdf.FPDF, content: Content) -> None:
    words = {
        LedgerEntry.What.PAYMENT: partial(_, "Paid %(day)s, %(how)s"),
        LedgerEntry.What.TIP: partial(_, "Tip %(day)s, %(how)s"),
        LedgerEntry.What.REFUND: partial(_, "Refunded %(day)s, %(how)s"),
    }
    _rule(page)
    for one in content["entries"]:
        day = _date(content, one["day"])
        _sum(
            page,
            words[one["what"]]() % {"day": day, "how": way_in_words(one["how"])},
            _money(content, one["cents"]),
        )


def _totals(page: fpdf.FPDF, content: Content) -> None:
    _rule(page)
    _sum(page, _("Total received"), _money(content, content["received"]), style="B")
    if content["credit"]:
        _sum(page, _("In your favor"), _money(content, content["credit"]))
    else:
        _sum(page, _("Outstanding"), _money(content, content["outstanding"]))


def _tax(page: fpdf.FPDF, content: Content) -> None:
    tax = content["tax"]
    if not tax["hundredths"]:
        return
    rate = formatting.percent_in_words(tax["hundredths"], locale=content["locale"])
    said = _("Includes %(rate)s %(tax)s") % {"rate": rate, "tax": tax["name"] or _("tax")}
    _sum(page, said, _money(content, tax["cents"]), color=SOFT)


def _note(page: fpdf.FPDF, content: Content) -> None:
    if content["note"]:
        page.ln(8)
        _write(page, content["note"], color=SOFT)


def _date(content: Content, day: str) -> str:
    return formatting.date_in_words(dt.date.fromisoformat(day), locale=content["locale"])


def _money(content: Content, cents: int) -> str:
    return formatting.money(cents, content["currency"], locale=content["locale"])


def _rule(page: fpdf.FPDF) -> None:
    page.ln(2)
    page.set_draw_color(*RULE)
    page.line(EDGE, page.get_y(), page.w - EDGE, page.get_y())
    page.ln(2)


def _sum(page: fpdf.FPDF, said: str, money: str, *, style: str = "", color: Sequence[int] = INK) -> None:
    """Write words at the left and a sum at the right, aligned with the last line of the words."""
    room = page.w - 2 * EDGE - 36
    _write(page, said, style=style, color=color, width=room)
    page.set_y(page.get_y() - LINE)
    _write(page, money, style=style, color=color, align="R")


def _write(
    page: fpdf.FPDF,
    words: str,
    *,
    family: str = FAMILY,
    style: str = "",
    size: float = 11,
    height: float = LINE,
    color: Sequence[int] = INK,
    width: float = 0,
    align: str = "L",
) -> None:
    if not words:
        return
    page.set_font(family, style, size)
    page.set_text_color(*color)
    page.multi_cell(width, height, printed_as(words), align=align, new_x="LMARGIN", new_y="NEXT")
