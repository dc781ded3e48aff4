"""Pages of the technical schools: lists of new students, the meaning of headings, the city's replies, cohorts."""
