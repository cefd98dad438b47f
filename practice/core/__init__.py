"""Values and rules that know no Django: the clock, formatting, the body map, input checks, settings."""
