# The answers.

output "flavor_id" {
  description = "Id of the server type in the region"
  value       = data.openstack_compute_flavor_v2.wanted.id
}

output "image_id" {
  description = "Id of the image in the region"
  value       = data.openstack_images_image_v2.debian.id
}
