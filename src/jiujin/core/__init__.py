"""What every room needs: settings of the process, encrypted fields, areas of work."""
