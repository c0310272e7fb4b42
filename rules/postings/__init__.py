"""What a job posting means: its functions, how sure, on which words, and what to look at in it."""
