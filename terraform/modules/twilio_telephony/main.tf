# Everything that is particular to the provider is in this folder: its resource names, its flat
# arguments, its quirks. docs/adr/0006-twilio-provider.md says how another provider takes its place.

locals {
  sip           = var.sip == null ? {} : { (var.sip.domain_name) = var.sip }
  has_users     = var.sip == null ? false : length(var.sip.users) > 0
  has_addresses = var.sip == null ? false : length(var.sip.addresses) > 0
  registers     = var.sip == null ? false : var.sip.registration && local.has_users
}

resource "twilio_api_accounts_incoming_phone_numbers" "this" {
  for_each = var.numbers

  # Never area_code: the API does not return it, so that every later plan would replace the number.
  phone_number  = each.value.phone_number
  friendly_name = each.value.friendly_name
  address_sid   = each.value.address_sid
  bundle_sid    = each.value.bundle_sid

  # POST throughout: the hotline's routes take nothing else, and the signature covers the form.
  voice_url              = var.webhooks.voice
  voice_method           = "POST"
  voice_fallback_url     = var.webhooks.fallback
  voice_fallback_method  = "POST"
  status_callback        = var.webhooks.status
  status_callback_method = "POST"

  lifecycle {
    # Destroying releases the number; often it cannot be had again.
    prevent_destroy = true
  }
}

# For callers that reach the hotline by application: Twilio Client, a trunk, another account's Dial.
resource "twilio_api_accounts_applications" "this" {
  friendly_name          = var.name
  voice_url              = var.webhooks.voice
  voice_method           = "POST"
  voice_fallback_url     = var.webhooks.fallback
  voice_fallback_method  = "POST"
  status_callback        = var.webhooks.status
  status_callback_method = "POST"
}

resource "twilio_api_accounts_sip_domains" "this" {
  for_each = local.sip

  domain_name                  = each.value.domain_name
  friendly_name                = var.name
  voice_url                    = var.webhooks.voice
  voice_method                 = "POST"
  voice_fallback_url           = var.webhooks.fallback
  voice_fallback_method        = "POST"
  voice_status_callback_url    = var.webhooks.status
  voice_status_callback_method = "POST"
  sip_registration             = each.value.registration
  # TLS and SRTP only.
  secure = true
}

resource "twilio_api_accounts_sip_credential_lists" "this" {
  count = local.has_users ? 1 : 0

  friendly_name = var.name
}

resource "twilio_api_accounts_sip_credential_lists_credentials" "this" {
  for_each = local.has_users ? var.sip.users : toset([])

  credential_list_sid = one(twilio_api_accounts_sip_credential_lists.this[*].sid)
  username            = each.value
  password            = var.sip_passwords[each.value]
}

resource "twilio_api_accounts_sip_domains_auth_calls_credential_list_mappings" "this" {
  for_each = local.has_users ? local.sip : {}

  domain_sid          = twilio_api_accounts_sip_domains.this[each.key].sid
  credential_list_sid = one(twilio_api_accounts_sip_credential_lists.this[*].sid)
}

resource "twilio_api_accounts_sip_domains_auth_registrations_credential_list_mappings" "this" {
  for_each = local.registers ? local.sip : {}

  domain_sid          = twilio_api_accounts_sip_domains.this[each.key].sid
  credential_list_sid = one(twilio_api_accounts_sip_credential_lists.this[*].sid)
}

resource "twilio_api_accounts_sip_ip_access_control_lists" "this" {
  count = local.has_addresses ? 1 : 0

  friendly_name = var.name
}

resource "twilio_api_accounts_sip_ip_access_control_lists_ip_addresses" "this" {
  for_each = local.has_addresses ? var.sip.addresses : tomap({})

  ip_access_control_list_sid = one(twilio_api_accounts_sip_ip_access_control_lists.this[*].sid)
  friendly_name              = each.key
  ip_address                 = split("/", each.value)[0]
  cidr_prefix_length         = tonumber(split("/", each.value)[1])
}

resource "twilio_api_accounts_sip_domains_auth_calls_ip_access_control_list_mappings" "this" {
  for_each = local.has_addresses ? local.sip : {}

  domain_sid                 = twilio_api_accounts_sip_domains.this[each.key].sid
  ip_access_control_list_sid = one(twilio_api_accounts_sip_ip_access_control_lists.this[*].sid)
}
