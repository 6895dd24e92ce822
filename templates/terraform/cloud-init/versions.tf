# This module needs no provider: it only writes text.
terraform {
  required_version = ">= 1.11"
}
