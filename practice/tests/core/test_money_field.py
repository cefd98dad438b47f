"""A form reads a price as the practice writes it, keeps what was typed, and says what it may mean."""

from __future__ import annotations

import pytest
from django import forms

from practice.models import Practice
from practice.testing import make_practice
from practice.web.forms import MoneyField


class Priced(forms.Form):
    """A form with a price."""

    price = MoneyField()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12,50", "Did you mean $12.50? Then enter 12.50."),
        ("-5", "An amount can’t be below zero."),
        ("140 €", "This practice uses USD. Enter an amount such as $140."),
        ("1,000,000", "At most $99,999.99."),
        ("a lot", "Enter an amount such as $140."),
    ],
)
def test_a_wrong_price_is_kept_and_explained(typed, said):
    make_practice()
    form = Priced({"price": typed})
    assert form.errors == {"price": [said]}
    assert form["price"].value() == typed


@pytest.mark.django_db
def test_a_price_follows_the_practice():
    make_practice()
    Practice.objects.update(home_locale="de", currency="EUR")
    form = Priced({"price": "1.250,00 €"})
    assert form.is_valid()
    assert form.cleaned_data["price"] == 125000
    assert Priced(initial={"price": 1250})["price"].value() == "12,50"
