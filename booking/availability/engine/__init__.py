"""When a session may begin: values in, values out. No rows, no framework, no clock of its own."""
