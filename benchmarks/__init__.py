"""Every figure of docs/performance.md is a command here; each prints its peer beside it, as a ratio from one run."""
