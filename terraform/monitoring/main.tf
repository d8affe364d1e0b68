# The alerts of rules.yml as Google Cloud alert policies. Recordings are left to a Prometheus of
# one's own; no alert stands on one.
locals {
  rules = flatten([
    for group in yamldecode(file("${path.module}/rules.yml")).groups : [
      for rule in group.rules : merge(rule, { group = group.name }) if can(rule.alert)
    ]
  ])
  alerts = { for rule in local.rules : rule.alert => rule }

  severities = { page = "CRITICAL", ticket = "WARNING" }

  channels = {
    page = concat(
      [for one in google_monitoring_notification_channel.page : one.name],
      tolist(var.page_channels),
    )
    ticket = concat(
      [for one in google_monitoring_notification_channel.ticket : one.name],
      tolist(var.ticket_channels),
    )
  }

  where = var.runbooks_url == "" ? "" : "${var.runbooks_url}/"
}

resource "google_monitoring_notification_channel" "page" {
  for_each = var.page_emails

  display_name = "Hotline pages: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
}

resource "google_monitoring_notification_channel" "ticket" {
  for_each = var.ticket_emails

  display_name = "Hotline tickets: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
}

resource "google_monitoring_alert_policy" "rule" {
  for_each = local.alerts

  display_name          = each.key
  combiner              = "OR"
  severity              = local.severities[each.value.labels.severity]
  notification_channels = local.channels[each.value.labels.severity]
  user_labels           = { service = "hotline", severity = each.value.labels.severity }

  conditions {
    display_name = each.value.annotations.summary

    condition_prometheus_query_language {
      query                     = each.value.expr
      duration                  = "${60 * tonumber(trimsuffix(each.value.for, "m"))}s"
      evaluation_interval       = "60s"
      rule_group                = each.value.group
      alert_rule                = each.key
      labels                    = { severity = each.value.labels.severity }
      disable_metric_validation = !var.metrics_arrived
    }
  }

  documentation {
    subject   = "Hotline: ${each.key}"
    content   = "${each.value.annotations.summary}\n\nWhat to do: ${local.where}${each.value.annotations.runbook}"
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "1800s"
  }
}

# From outside: the address, its certificate and the way to a pod.
resource "google_monitoring_uptime_check_config" "healthz" {
  display_name     = "Hotline /healthz"
  timeout          = "10s"
  period           = "60s"
  selected_regions = var.uptime_regions

  http_check {
    path         = "/healthz"
    port         = 443
    use_ssl      = true
    validate_ssl = true

    accepted_response_status_codes {
      status_class = "STATUS_CLASS_2XX"
    }
  }

  content_matchers {
    content = "\"status\":\"ok\""
    matcher = "CONTAINS_STRING"
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project, host = var.domain }
  }
}

resource "google_monitoring_alert_policy" "unreachable" {
  display_name          = "VoicebotUnreachable"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels.page
  user_labels           = { service = "hotline", severity = "page" }

  conditions {
    display_name = "The hotline does not answer at its public address."

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"uptime_url\"",
        "metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\"",
        "metric.labels.check_id = \"${google_monitoring_uptime_check_config.healthz.uptime_check_id}\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    subject   = "Hotline: VoicebotUnreachable"
    content   = "The hotline does not answer at https://${var.domain}/healthz.\n\nWhat to do: ${local.where}docs/runbooks/twilio-outage.md"
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "1800s"
  }
}

resource "google_monitoring_dashboard" "hotline" {
  dashboard_json = file("${path.module}/dashboard.json")
}
