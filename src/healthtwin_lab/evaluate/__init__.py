"""Measurements on named data, with the trivial predictors beside them in the same run."""
