"""Changes of this room's tables, in the one line of migrations of the whole product."""
