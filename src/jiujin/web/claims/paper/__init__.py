"""Official paper of claims: a claim as one PDF, notices and letters as .docx. Paper is Chinese in either language."""
