"""Changes of the internships' records, one verb and noun each."""
