# Workload Identity Federation: the pods' Kubernetes account is the principal itself. There is no
# service account key and no Google service account to act as.
locals {
  pool      = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog"
  principal = "${local.pool}/subject/ns/${var.kubernetes.namespace}/sa/${var.kubernetes.service_account}"
  adapter   = "${local.pool}/subject/ns/custom-metrics/sa/custom-metrics-stackdriver-adapter"
  collector = "${local.pool}/subject/ns/opentelemetry/sa/opentelemetry-collector"
}

resource "google_project_iam_member" "hotline" {
  for_each = toset([
    # Live sessions with the model. Metrics are fetched from the pods, logs are their output, and
    # spans go through the collector, so that this is all.
    "roles/aiplatform.user",
  ])

  project = var.project
  role    = each.value
  member  = local.principal

  # The pool comes into being with the first cluster.
  depends_on = [google_container_cluster.this]
}

# Google's OpenTelemetry collector, which the calls' traces go through (docs/monitoring.md).
resource "google_project_iam_member" "collector" {
  for_each = toset([
    # Spans of the calls.
    "roles/cloudtrace.agent",
    # The collector's figures of itself, and its own log.
    "roles/monitoring.metricWriter",
    "roles/logging.logWriter",
  ])

  project = var.project
  role    = each.value
  member  = local.collector

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
