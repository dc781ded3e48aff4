"""Claims: from an application through verdict, reviews and public notice to approval; driven by the plan's workflows."""
