"""The plan to read: clauses beside what carries them out, schemes, parameters, targets, readings, areas."""
