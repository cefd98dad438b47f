"""Free times: rows become values of a pure engine, which lists, judges and explains starts."""
