"""Follow-ups: emails after a session that bring a client back to the lesson, and what holds them back.

Pure, in `engine/`, in this order: reasons, facts → when, stages → guards → plan. `wording` says the reasons
in sentences, `texts` is what the emails say. With rows: loading (rows become facts), letters (the text of an
email), send_check (is it sent?), preview (which text would it have?), queue (planned, and planned anew).
"""
