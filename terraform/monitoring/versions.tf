terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source = "hashicorp/google"
      # The version whose schema the offline verification knows.
      version = "= 6.50.0"
    }
  }

  backend "gcs" {
    prefix = "hotline/monitoring"
  }
}

provider "google" {
  project = var.project
}
