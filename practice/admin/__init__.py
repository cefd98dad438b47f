"""The back office: Django's admin, in our words. State changes by the pages' own actions."""

from practice.admin import articles, business, letters, people, records

__all__ = ["articles", "business", "letters", "people", "records"]
