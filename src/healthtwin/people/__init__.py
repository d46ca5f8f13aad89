"""What is known about people, and what is answered about them."""
