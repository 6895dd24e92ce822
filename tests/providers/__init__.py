"""Suite `providers`: what is generated for Terraform, before the real tools and the real provider."""
