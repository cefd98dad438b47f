"""The pure slot engine: values in, values out. No rows, no framework, no clock of its own."""
