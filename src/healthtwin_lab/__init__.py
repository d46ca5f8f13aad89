"""The laboratory: measures the product on named data, and trains the models that it ships.

A package of its own (``lab/pyproject.toml``): it imports any pure room of the product, and the product never
imports it. `healthtwin evaluate` and `healthtwin train` are its commands.
"""
