resource "google_artifact_registry_repository" "this" {
  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images of ${var.name}"

  docker_config {
    # Immutable tags would keep tagged images from the clean-up below, and a build that is tried
    # again from pushing. Deployments name digests, which cannot be moved.
    immutable_tags = false
  }

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"

    most_recent_versions {
      keep_count = 20
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  repository = google_artifact_registry_repository.this.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${google_service_account.nodes.email}"
}

resource "google_artifact_registry_repository_iam_member" "deployer" {
  for_each = var.deployer == null ? toset([]) : toset(["roles/artifactregistry.writer"])

  repository = google_artifact_registry_repository.this.name
  location   = var.region
  role       = each.value
  member     = var.deployer
}
