"""Files of postings: read in many formats, classified in a stream, written with their verdicts."""
