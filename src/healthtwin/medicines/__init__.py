"""What people take, what their genes say, and what both make of each other."""
