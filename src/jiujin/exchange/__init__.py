"""Files in and out: the roster check as a kept job."""
