"""Pages of the fairs: planned, held, recorded by phone, followed up; visits; matching between townships."""
