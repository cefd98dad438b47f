"""Follow-ups: which letter brings a client back to the lesson, when, and what holds it back.

Pure, in this order: reasons, facts → when, stages → guards → plan. `words` says the reasons in sentences,
`texts` is what the letters say. With rows: gather (rows become facts), letters (a letter's words), judging
(does it go?), foresight (what would it say?), queue (planned, and planned anew).
"""
