"""How the worker's tasks share one process: lanes, time limits, and the clock in a thread."""
