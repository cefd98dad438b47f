"""Follow-ups: emails after a session that bring a client back to the lesson, and what holds them back.

Pure, in `engine/`, in this order: reasons, facts → when, stages → guards → plan. `wording` says the reasons
in sentences, `texts` is what the letters say. With rows: loading (rows become facts), letters (a letter's
words), send_check (does it go?), preview (what would it say?), queue (planned, and planned anew).
"""
