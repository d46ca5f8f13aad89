"""Passkeys: the name that they belong to, the two ceremonies, and what is kept of them."""
