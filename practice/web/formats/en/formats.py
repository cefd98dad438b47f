"""Dates and times as `practice/core/formatting.py` writes them in US English, without Django's "noon"."""

DATE_FORMAT = "F j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = r"l, F j, Y \a\t g:i A"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "F j"
SHORT_DATE_FORMAT = "M j"
SHORT_DATETIME_FORMAT = r"M j \a\t g:i A"
