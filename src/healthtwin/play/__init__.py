"""Recordings and made-up households through the whole product, over HTTP."""
