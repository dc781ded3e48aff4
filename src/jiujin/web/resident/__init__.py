"""Pages for residents, phone first: what is near, what I applied for, what may be mine, who I am."""
