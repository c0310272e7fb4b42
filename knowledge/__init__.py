"""What is true: entries, their sources and the index that finds them."""
