"""The words of the system. Imports nothing of ours; everything else may import it."""
