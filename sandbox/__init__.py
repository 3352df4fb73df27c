"""The sandbox town: six pretend sites with ground truth, for demo, tests and benchmarks."""
