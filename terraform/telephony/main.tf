locals {
  # The paths are those of telephony/routes.py.
  webhooks = {
    voice    = "${var.public_base_url}/twilio/voice"
    status   = "${var.public_base_url}/twilio/status"
    fallback = var.voice_fallback_url
  }
}

module "telephony" {
  source = "../modules/twilio_telephony"

  name     = var.name
  webhooks = local.webhooks
  numbers = {
    for label, number in var.phone_numbers : label => {
      phone_number  = number.phone_number
      friendly_name = coalesce(number.friendly_name, "${var.name} ${label}")
      address_sid   = number.address_sid
      bundle_sid    = number.bundle_sid
    }
  }
  sip = var.sip == null ? null : {
    domain_name  = "${var.sip.domain}.sip.twilio.com"
    registration = var.sip.registration
    users        = var.sip.users
    addresses    = var.sip.addresses
  }
  sip_passwords = var.sip_passwords
}
