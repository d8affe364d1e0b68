# Empty containers: values come by `gcloud secrets versions add` and are never seen by Terraform.
resource "google_secret_manager_secret" "this" {
  for_each = var.secrets

  secret_id           = "${var.name}-${each.value}"
  deletion_protection = var.deletion_protection

  replication {
    auto {}
  }

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_iam_member" "this" {
  for_each = var.secrets

  secret_id = google_secret_manager_secret.this[each.key].id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.principal

  depends_on = [google_container_cluster.this]
}

# The database's address and password are known here alone; the value passes through write-only
# arguments and stays out of the state and of the plan.
resource "google_secret_manager_secret" "database_url" {
  secret_id           = "${var.name}-database-url"
  deletion_protection = var.deletion_protection

  replication {
    auto {}
  }

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_version" "database_url" {
  secret                 = google_secret_manager_secret.database_url.id
  secret_data_wo         = "postgresql://${local.database_user}:${var.database_password}@${google_sql_database_instance.this.private_ip_address}/${google_sql_database.this.name}?ssl=require"
  secret_data_wo_version = var.database_password_version
  # A rotation adds a version; the earlier one stays readable, should it have to be looked at.
  deletion_policy = "ABANDON"

  lifecycle {
    create_before_destroy = true
  }

  # A password that the database does not have yet must not be handed out.
  depends_on = [google_sql_user.this]
}

resource "google_secret_manager_secret_iam_member" "database_url" {
  secret_id = google_secret_manager_secret.database_url.id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.principal

  depends_on = [google_container_cluster.this]
}
