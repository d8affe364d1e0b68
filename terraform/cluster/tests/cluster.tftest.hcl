# terraform test: no project, no network, nothing is made.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_resource "google_certificate_manager_dns_authorization" {
    defaults = {
      dns_resource_record = [{ name = "_acme-challenge.voice.example.com.", type = "CNAME", data = "x.authorize.certificatemanager.goog." }]
    }
  }
}

variables {
  project           = "hotline-test"
  domain            = "voice.example.com"
  database_password = "0123456789abcdef01234567"
}

run "the_defaults_are_for_production" {
  command = plan

  assert {
    condition     = google_container_cluster.this.deletion_protection && google_sql_database_instance.this.deletion_protection
    error_message = "What cannot be had again is protected."
  }

  assert {
    condition     = one(google_sql_database_instance.this.settings[0].ip_configuration).ipv4_enabled == false
    error_message = "The database has no public address."
  }

  assert {
    condition     = one(google_sql_database_instance.this.settings).availability_type == "REGIONAL"
    error_message = "The database has a standby in another zone."
  }
}

run "identity_is_one_kubernetes_account" {
  command = plan

  assert {
    condition = (
      google_project_iam_member.hotline["roles/aiplatform.user"].member
      == "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/hotline-test.svc.id.goog/subject/ns/hotline/sa/hotline"
    )
    error_message = "The model is for the hotline's own pods."
  }
}

run "a_zone_is_no_region" {
  command = plan

  variables {
    region = "us-central1-a"
  }

  expect_failures = [var.region]
}
