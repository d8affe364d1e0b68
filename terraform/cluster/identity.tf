# Workload Identity Federation: the pods' Kubernetes account is the principal itself. There is no
# service account key and no Google service account to act as.
locals {
  pool      = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog"
  principal = "${local.pool}/subject/ns/${var.kubernetes.namespace}/sa/${var.kubernetes.service_account}"
  adapter   = "${local.pool}/subject/ns/custom-metrics/sa/custom-metrics-stackdriver-adapter"
}

resource "google_project_iam_member" "hotline" {
  for_each = toset([
    # Live sessions with the model.
    "roles/aiplatform.user",
    # Spans of the calls.
    "roles/cloudtrace.agent",
    # What the hotline or its collector writes as metrics.
    "roles/monitoring.metricWriter",
  ])

  project = var.project
  role    = each.value
  member  = local.principal

  # The pool comes into being with the first cluster.
  depends_on = [google_container_cluster.this]
}

# The autoscaler's adapter reads the calls in progress.
resource "google_project_iam_member" "adapter" {
  project = var.project
  role    = "roles/monitoring.viewer"
  member  = local.adapter

  depends_on = [google_container_cluster.this]
}

resource "google_project_iam_member" "deployer" {
  for_each = var.deployer == null ? toset([]) : toset(["roles/container.developer"])

  project = var.project
  role    = each.value
  member  = var.deployer
}
