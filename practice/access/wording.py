"""What the access log says of each thing that was opened or done, by the code that its row keeps.

Each app words its own codes: these, `booking/wording.py` and `portal/wording.py`. All begin with "access:".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ACCESS_LOG: Mapping[str, Any] = {
    "access:email_between_sessions": _("an email between sessions"),
    "access:email_with_note": _("an email with a note from us"),
    "access:email_declined": _("an email that declined a request"),
    "access:signed": _("what was signed"),
    "access:address_changed": _("changed the address you sign in with"),
    "access:address_restored": _("sign-in address restored"),
    "access:sessions_ended": _("signed out everywhere"),
    "access:role_front_desk": _("role changed to front desk"),
    "access:role_practitioner": _("role changed to practitioner"),
    "access:role_owner": _("role changed to owner"),
    "access:account_closed": _("access to the workspace ended"),
    "access:account_opened": _("access to the workspace restored"),
    "access:step_reset": _("second step reset"),
}
