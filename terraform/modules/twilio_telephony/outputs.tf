output "numbers" {
  description = "Each number as it was last applied, by label."
  value = {
    for label, number in twilio_api_accounts_incoming_phone_numbers.this : label => {
      sid                    = number.sid
      phone_number           = number.phone_number
      friendly_name          = number.friendly_name
      voice_url              = number.voice_url
      voice_method           = number.voice_method
      voice_fallback_url     = number.voice_fallback_url
      voice_fallback_method  = number.voice_fallback_method
      status_callback        = number.status_callback
      status_callback_method = number.status_callback_method
    }
  }
}

output "sip_domains" {
  description = "Each SIP domain as it was last applied, by domain name."
  value = {
    for name, domain in twilio_api_accounts_sip_domains.this : name => {
      sid                          = domain.sid
      domain_name                  = domain.domain_name
      friendly_name                = domain.friendly_name
      voice_url                    = domain.voice_url
      voice_method                 = domain.voice_method
      voice_fallback_url           = domain.voice_fallback_url
      voice_fallback_method        = domain.voice_fallback_method
      voice_status_callback_url    = domain.voice_status_callback_url
      voice_status_callback_method = domain.voice_status_callback_method
      sip_registration             = domain.sip_registration
      secure                       = domain.secure
    }
  }
}

output "application_sid" {
  description = "The TwiML application's SID, AP..."
  value       = twilio_api_accounts_applications.this.sid
}
