"""Webhooks: signed, at least once, never into the own network."""
