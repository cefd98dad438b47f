"""What a form says about a field that is empty or wrong, where it has no sentence of its own."""

import pytest
from django import forms


class EveryField(forms.Form):
    """One field of each kind, with nothing but what it comes with."""

    name = forms.CharField(max_length=3)
    email = forms.EmailField()
    minutes = forms.IntegerField(min_value=5, max_value=90)
    way = forms.ChoiceField(choices=[("a", "A")])
    days = forms.MultipleChoiceField(choices=[("a", "A")])


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Please fill this in."),
        ("name", "Annie", "Please shorten this to 3 characters. It has 5."),
        ("email", "ann", "This address is missing the @."),
        ("minutes", "1", "Please enter 5 or more."),
        ("minutes", "100", "Please enter 90 or less."),
        ("way", "", "Please choose one of these."),
        ("way", "b", "Please choose one of these."),
        ("days", "", "Please choose at least one of these."),
    ],
)
def test_a_field_says_in_plain_words_what_to_do(field: str, typed: str, said: str) -> None:
    assert EveryField({field: typed}).errors[field] == [said]
