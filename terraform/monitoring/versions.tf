terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 7.0"
    }
  }

  backend "gcs" {
    prefix = "hotline/monitoring"
  }
}

provider "google" {
  project = var.project
}
