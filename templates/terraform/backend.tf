# Where Terraform keeps its state: a bucket at the cloud, one file per environment.
# Bucket and endpoint stand in <cloud>/backend.hcl, the key is set by scripts/infrastructure.sh,
# the credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the key that encrypts it from STATE_KEY.
terraform {
  backend "s3" {
    use_lockfile = true
    encrypt      = true # by our key (SSE-C): without STATE_KEY the bucket gives nothing away

    # The bucket speaks S3 but is not Amazon's: nothing may ask Amazon's other services.
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}
