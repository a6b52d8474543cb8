"""What decides: values in, values out. No Google, no files, no clock."""
