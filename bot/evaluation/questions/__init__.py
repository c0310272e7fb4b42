"""`zhiwen eval questions`: questions and conversations with keys -> verdicts, tables, fits."""
