"""Values and rules that know no Django: the clock, formatting, the body map, checks of input, settings."""
