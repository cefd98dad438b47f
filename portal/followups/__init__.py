"""Follow-ups: which letter brings a client back to the lesson, when, and what holds it back.

Pure, in this order: reasons, facts → when, stages → guards → plan. `words` says the reasons in sentences.
"""
