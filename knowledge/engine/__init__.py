"""How what is true is read, checked, compiled and found; an editor never opens this."""
