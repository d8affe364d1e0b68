resource "google_compute_global_address" "public" {
  name = var.name

  lifecycle {
    # It stands in DNS, here or elsewhere; a new one would be another.
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

# TLS 1.2 and newer; the Gateway's policy names it.
resource "google_compute_ssl_policy" "this" {
  name            = var.name
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.this]
}

# Proven by a DNS record, so that the certificate is there before the first call is.
resource "google_certificate_manager_dns_authorization" "this" {
  name   = var.name
  domain = var.domain

  depends_on = [google_project_service.this]
}

resource "google_certificate_manager_certificate" "this" {
  name = var.name

  managed {
    domains            = [var.domain]
    dns_authorizations = [google_certificate_manager_dns_authorization.this.id]
  }
}

resource "google_certificate_manager_certificate_map" "this" {
  name = var.name

  depends_on = [google_project_service.this]
}

resource "google_certificate_manager_certificate_map_entry" "this" {
  name         = var.name
  map          = google_certificate_manager_certificate_map.this.name
  hostname     = var.domain
  certificates = [google_certificate_manager_certificate.this.id]
}

locals {
  dns_records = {
    address = {
      name = "${var.domain}."
      type = "A"
      data = google_compute_global_address.public.address
    }
    certificate = {
      name = google_certificate_manager_dns_authorization.this.dns_resource_record[0].name
      type = google_certificate_manager_dns_authorization.this.dns_resource_record[0].type
      data = google_certificate_manager_dns_authorization.this.dns_resource_record[0].data
    }
  }
}

resource "google_dns_record_set" "this" {
  for_each = var.dns_zone == null ? toset([]) : toset(["address", "certificate"])

  managed_zone = var.dns_zone
  name         = local.dns_records[each.key].name
  type         = local.dns_records[each.key].type
  ttl          = 300
  rrdatas      = [local.dns_records[each.key].data]
}
