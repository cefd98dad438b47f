"""Several sessions booked together, week by week."""
