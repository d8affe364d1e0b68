output "cluster" {
  description = "The cluster's name, where it is, and the command that makes kubectl speak to it."
  value = {
    name        = google_container_cluster.this.name
    location    = google_container_cluster.this.location
    credentials = "gcloud container clusters get-credentials ${google_container_cluster.this.name} --project ${var.project} --location ${google_container_cluster.this.location} --dns-endpoint"
  }
}

output "image_repository" {
  description = "Where images are pushed to: add /hotline and a tag."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.this.name}"
}

output "public_base_url" {
  description = "PHONE_PUBLIC_URL, and public_base_url of terraform/telephony."
  value       = "https://${var.domain}"
}

output "address" {
  description = "The static address: its name for the Gateway, its IP for DNS."
  value = {
    name = google_compute_global_address.public.name
    ip   = google_compute_global_address.public.address
  }
}

output "certificate_map" {
  description = "For the Gateway's annotation networking.gke.io/certmap."
  value       = google_certificate_manager_certificate_map.this.name
}

output "ssl_policy" {
  description = "For the Gateway's policy, GCPGatewayPolicy spec.default.sslPolicy."
  value       = google_compute_ssl_policy.this.name
}

output "dns_records" {
  description = "Records the domain needs. Made already where dns_zone is given; to be made by hand otherwise."
  value       = local.dns_records
}

output "outbound_addresses" {
  description = "From where the hotline calls others; for their allow lists."
  value       = google_compute_address.nat[*].address
}

output "workload_identity" {
  description = "The Kubernetes account that the pods run as, and the IAM principal it is."
  value = {
    namespace       = var.kubernetes.namespace
    service_account = var.kubernetes.service_account
    principal       = local.principal
  }
}

output "node_service_account" {
  description = "The account that nodes run as and pull images with."
  value       = google_service_account.nodes.email
}

output "secrets" {
  description = "Secret Manager's names by environment variable, for the SecretProviderClass. All but DATABASE_URL are to be filled in."
  value = merge(
    { for variable, secret in google_secret_manager_secret.this : variable => secret.id },
    { DATABASE_URL = google_secret_manager_secret.database_url.id },
  )
}

output "secrets_to_fill" {
  description = "The command for each secret that has no value from Terraform; the value is read from standard input."
  value = {
    for variable, secret in google_secret_manager_secret.this :
    variable => "gcloud secrets versions add ${secret.secret_id} --project ${var.project} --data-file=-"
  }
}

output "database" {
  description = "The database: instance and connection name for gcloud, private address, database and user."
  value = {
    instance        = google_sql_database_instance.this.name
    connection_name = google_sql_database_instance.this.connection_name
    private_ip      = google_sql_database_instance.this.private_ip_address
    name            = google_sql_database.this.name
    user            = google_sql_user.this.name
  }
}

output "network" {
  description = "The network and the subnetwork of the cluster."
  value = {
    network    = google_compute_network.this.name
    subnetwork = google_compute_subnetwork.this.name
  }
}

output "settings" {
  description = "The hotline's settings that follow from this installation; for deploy/'s config map."
  value = {
    GOOGLE_CLOUD_PROJECT  = var.project
    GOOGLE_CLOUD_LOCATION = var.gemini_location
    PHONE_PUBLIC_URL      = "https://${var.domain}"
  }
}
