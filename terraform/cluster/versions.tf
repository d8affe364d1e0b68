terraform {
  # Write-only arguments: 1.11.
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source = "hashicorp/google"
      # The version whose schema the offline verification knows (terraform/README.md).
      version = "= 6.50.0"
    }
  }

  # The bucket is given at init: -backend-config=bucket=NAME.
  backend "gcs" {
    prefix = "hotline/cluster"
  }
}

provider "google" {
  project = var.project
  region  = var.region

  default_labels = { service = var.name }
}
