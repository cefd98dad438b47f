"""The arithmetic of reports: months, sums and a drawing. No rows and no clock."""
