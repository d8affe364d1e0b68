output "numbers" {
  description = "The numbers as they were last applied, by label; hotline numbers compares them with the account."
  value       = module.telephony.numbers
}

output "number_sids" {
  description = "The numbers' SIDs by label, for imports and the console."
  value       = { for label, number in module.telephony.numbers : label => number.sid }
}

output "sip_domains" {
  description = "The SIP domains as they were last applied, by name; hotline numbers compares them with the account."
  value       = module.telephony.sip_domains
}

output "sip_uris" {
  description = "What a PBX calls: any user name at the SIP domain."
  value       = [for name in keys(module.telephony.sip_domains) : "sip:hotline@${name};transport=tls"]
}

output "application_sid" {
  description = "The TwiML application's SID, AP..."
  value       = module.telephony.application_sid
}

output "webhooks" {
  description = "What Twilio calls: voice and status at the hotline, fallback elsewhere."
  value       = local.webhooks
}

output "public_base_url" {
  description = "PHONE_PUBLIC_URL of the hotline that these numbers ring."
  value       = var.public_base_url
}
