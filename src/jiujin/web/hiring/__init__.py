"""Pages for organisations that hire, and for the officers who look at vacancies before they are public."""
