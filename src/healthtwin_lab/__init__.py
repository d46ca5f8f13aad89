"""The laboratory: evaluation and training, outside the product."""
