"""People to learn from and to measure on: stays read from recordings, their labels, how they are divided."""
