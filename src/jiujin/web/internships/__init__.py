"""Pages of the internships: bases and posts, applications, interns, follow-ups; a phone page for who applies."""
