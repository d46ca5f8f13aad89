"""One file per step, each named after its number and what it does."""
