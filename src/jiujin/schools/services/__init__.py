"""Changes of the schools' records, one verb and noun each."""
