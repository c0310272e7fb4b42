"""What is learnt from use: clusters of open questions, feedback, counts, and proposals."""
