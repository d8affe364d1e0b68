variables {
  project         = "cymbol-travels"
  domain          = "hotline.example.com"
  page_emails     = ["oncall@example.com"]
  ticket_channels = ["projects/cymbol-travels/notificationChannels/123"]
  runbooks_url    = "https://git.example.com/hotline/blob/main"
}

run "alerts" {
  command = apply

  assert {
    condition     = length(google_monitoring_alert_policy.rule) == length(local.alerts) && length(local.alerts) > 15
    error_message = "Every alert of rules.yml becomes a policy."
  }

  assert {
    condition = (
      google_monitoring_alert_policy.rule["VoicebotDrainStuck"].conditions[0].condition_prometheus_query_language[0].duration == "4200s"
    )
    error_message = "70m are 4200s."
  }

  assert {
    condition     = google_monitoring_alert_policy.rule["VoicebotGeminiQuota"].severity == "CRITICAL"
    error_message = "A page is critical."
  }

  assert {
    condition     = google_monitoring_alert_policy.rule["VoicebotDrainStuck"].notification_channels[0] == "projects/cymbol-travels/notificationChannels/123"
    error_message = "A ticket goes to the tickets' channel alone."
  }

  assert {
    condition     = length(google_monitoring_alert_policy.rule["VoicebotGeminiQuota"].notification_channels) == 1
    error_message = "A page goes to the pages' channel."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.rule["VoicebotGeminiQuota"].documentation[0].content, "https://git.example.com/hotline/blob/main/docs/runbooks/gemini-quota.md")
    error_message = "A policy names its runbook."
  }

  assert {
    condition     = google_monitoring_uptime_check_config.healthz.http_check[0].path == "/healthz" && google_monitoring_uptime_check_config.healthz.http_check[0].validate_ssl
    error_message = "/healthz is asked for over TLS that is checked."
  }
}

run "an_address_is_no_host" {
  command = plan

  variables {
    domain = "https://hotline.example.com/"
  }

  expect_failures = [var.domain]
}

run "a_name_is_no_email" {
  command = plan

  variables {
    page_emails = ["oncall"]
  }

  expect_failures = [var.page_emails]
}

run "a_channel_has_a_full_name" {
  command = plan

  variables {
    page_channels = ["slack"]
  }

  expect_failures = [var.page_channels]
}

run "two_regions_are_too_few" {
  command = plan

  variables {
    uptime_regions = ["USA_IOWA", "EUROPE"]
  }

  expect_failures = [var.uptime_regions]
}
