output "alert_policies" {
  description = "Alert name to the policy's resource name."
  value = merge(
    { for name, policy in google_monitoring_alert_policy.rule : name => policy.name },
    { VoicebotUnreachable = google_monitoring_alert_policy.unreachable.name },
  )
}

output "dashboard" {
  description = "Resource name of the dashboard."
  value       = google_monitoring_dashboard.hotline.id
}

output "uptime_check_id" {
  description = "Id of the check of /healthz, for queries."
  value       = google_monitoring_uptime_check_config.healthz.uptime_check_id
}

output "notification_channels" {
  description = "What pages and tickets go to. Empty lists mean that nobody hears of anything."
  value       = local.channels
}
