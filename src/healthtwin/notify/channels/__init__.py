"""The ways of telling somebody, one folder each."""
