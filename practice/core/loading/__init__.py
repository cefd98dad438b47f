"""How modules are loaded: some only when they are used."""
