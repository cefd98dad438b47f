"""Forms of the booking pages: they read, and say what is wrong; the actions decide."""

from booking.forms.details import ME, OTHER, DetailsForm, KnownClientForm, what_ails
from booking.forms.place import what_ails_phone

__all__ = ["ME", "OTHER", "DetailsForm", "KnownClientForm", "what_ails", "what_ails_phone"]
