"""The exercises and the free lesson that a new practice starts with."""
