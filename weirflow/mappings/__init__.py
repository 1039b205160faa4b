"""Mappings judged before any message comes: what the schemas, simulated data and the language say of them."""
