"""What was found about a domain, in sentences for whoever runs the server."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from practice.sender_domain.finding import Finding

SENTENCES: Mapping[str, str | Promise] = {
    "dns_silent": _("The DNS gives no answer, so nothing can be said: %(said)s"),
    "spf_fine": _("SPF is there: %(record)s"),
    "spf_missing": _("There is no SPF record, so no server is named as allowed to send for %(domain)s."),
    "spf_several": _("There are %(count)s SPF records. Only one is allowed; receivers ignore them all."),
    "spf_unreadable": _("The SPF record has a part that receivers can’t read: %(term)s"),
    "spf_allows_all": _("The SPF record ends in %(end)s and so allows every server. End it in ~all or -all."),
    "spf_no_end": _("The SPF record doesn’t say what about other servers. End it in ~all or -all."),
    "spf_allows_none": _("The SPF record allows no server at all. Add what your provider names."),
    "spf_ptr": _("The SPF record uses ptr, which receivers may ignore. Name the servers instead."),
    "spf_too_many": _("The SPF record needs %(count)s DNS lookups; receivers stop after %(most)s."),
    "spf_include_broken": _("The SPF record includes %(target)s, which has no SPF record of its own."),
    "dkim_no_selector": _("Which DKIM key? Name the selector that your provider uses: --selector NAME"),
    "dkim_fine": _("The DKIM key is there: %(name)s, RSA, %(bits)s bits."),
    "dkim_fine_ed25519": _("The DKIM key is there: %(name)s, Ed25519."),
    "dkim_missing": _("There is no DKIM key at %(name)s, so no signature can be verified."),
    "dkim_several": _("There are %(count)s records at %(name)s. Only one is allowed."),
    "dkim_unreadable": _("The DKIM record at %(name)s can’t be read as a key."),
    "dkim_revoked": _("The DKIM key at %(name)s is revoked: its p= is empty."),
    "dkim_other_key": _("The DKIM key at %(name)s is not the one of DKIM_KEY_FILE."),
    "dkim_too_short": _("The DKIM key at %(name)s has %(bits)s bits; receivers take 1024 or more. Use 2048."),
    "dkim_short": _("The DKIM key at %(name)s has %(bits)s bits. Use 2048 for the next one."),
    "dkim_testing": _("The DKIM key at %(name)s says that it is only being tested. Remove t=y."),
    "dmarc_fine": _("DMARC is there: %(name)s, policy %(policy)s."),
    "dmarc_missing": _("There is no DMARC record at %(name)s. Large providers ask for one."),
    "dmarc_several": _("There are %(count)s DMARC records at %(name)s. Receivers ignore them all."),
    "dmarc_no_policy": _("The DMARC record at %(name)s has no valid policy, such as p=none."),
    "dmarc_only_watches": _("DMARC at %(name)s only watches (none). Once all emails pass, use p=quarantine."),
    "dmarc_share": _("DMARC holds for %(pct)s percent of emails only. Remove pct."),
    "dmarc_not_aligned": _(
        "Bounces go to %(bounces)s, so SPF doesn’t count for DMARC. Use an address at %(domain)s."
    ),
}


def in_one_sentence(finding: Finding) -> str:
    """Return what was found, with the record to add on lines of its own."""
    sentence = str(SENTENCES[finding.code]) % finding.params
    if not finding.record:
        return sentence
    return f'{sentence}\n    {_("Add this TXT record:")}\n    {finding.name}  "{finding.record}"'
