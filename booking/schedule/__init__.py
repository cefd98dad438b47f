"""The workspace's calendar: the boards of a week and of a day, with all that takes up time on them."""
