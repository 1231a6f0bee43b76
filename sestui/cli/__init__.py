"""The headless commands, one file each. stdout is the result and nothing else."""
