"""The ways to reach a person: what each must be able to do, the table of them, and email."""
