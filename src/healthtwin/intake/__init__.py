"""What comes in: judged strictly, made durable, answered once it is."""
