"""Database engines: how each is opened, what its transactions promise, what its errors mean in our words.

The only room that opens a database; what is kept in one is said in `stream` and `store`.
"""
