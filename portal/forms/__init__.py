"""Forms of the portal: they read, and say what is wrong; the actions decide."""
