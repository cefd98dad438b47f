"""Moving in from another system: clients, future appointments and package balances from a CSV file."""
