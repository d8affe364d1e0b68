locals {
  database_user = "hotline"
}

resource "google_sql_database_instance" "this" {
  name                = var.name
  region              = var.region
  database_version    = var.database.version
  deletion_protection = var.deletion_protection

  settings {
    tier                        = var.database.tier
    edition                     = startswith(var.database.tier, "db-perf") ? "ENTERPRISE_PLUS" : "ENTERPRISE"
    availability_type           = var.database.highly_available ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = var.database.disk_gb
    disk_autoresize             = true
    deletion_protection_enabled = var.deletion_protection
    retain_backups_on_delete    = true

    ip_configuration {
      ipv4_enabled                                  = false
      private_network                               = google_compute_network.this.id
      enable_private_path_for_google_cloud_services = true
      ssl_mode                                      = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      start_time                     = "04:00"
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = var.database.backups
      }
    }

    maintenance_window {
      day          = 7
      hour         = 5
      update_track = "stable"
    }

    insights_config {
      query_insights_enabled = true
    }

    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }
  }

  lifecycle {
    # deletion_protection alone would stop a destroy half-way, with the rest already gone.
    prevent_destroy = true
    # It grows by itself; Terraform would want to shrink it, which means a new one.
    ignore_changes = [settings[0].disk_size]
  }

  depends_on = [google_service_networking_connection.this]
}

resource "google_sql_database" "this" {
  name     = "hotline"
  instance = google_sql_database_instance.this.name
}

resource "google_sql_user" "this" {
  name                = local.database_user
  instance            = google_sql_database_instance.this.name
  password_wo         = var.database_password
  password_wo_version = var.database_password_version
  # A user that owns tables cannot be dropped; it goes with the instance.
  deletion_policy = "ABANDON"
}
