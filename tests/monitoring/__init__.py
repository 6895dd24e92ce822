"""Golden signals and alerts with the real Prometheus."""
