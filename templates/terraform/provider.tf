# Where OVHcloud's OpenStack is. Who asks, comes from OS_USERNAME, OS_PASSWORD and OS_PROJECT_ID.
provider "openstack" {
  auth_url    = "https://auth.cloud.ovh.net/v3"
  domain_name = "Default"
  region      = var.region
}
