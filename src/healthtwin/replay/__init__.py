"""Playing recordings through the whole pipeline, on a clock that follows event time."""
