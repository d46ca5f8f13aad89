"""Telling people: from the outbox to alert rows, and over channels."""
