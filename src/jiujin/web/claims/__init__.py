"""Pages of claims: payees file and follow, officers decide, everybody reads the public notices."""
