variable "name" {
  description = "What this hotline's things are called in the Twilio console."
  type        = string
  nullable    = false
}

variable "numbers" {
  description = "The numbers, by a label that never changes. address_sid and bundle_sid: what a country's regulator asks for."
  type = map(object({
    phone_number  = string
    friendly_name = string
    address_sid   = optional(string)
    bundle_sid    = optional(string)
  }))
  nullable = false
}

variable "webhooks" {
  description = "Full URLs: voice answers a call, fallback answers when voice does not, status hears how calls ended."
  type = object({
    voice    = string
    fallback = string
    status   = string
  })
  nullable = false
}

variable "sip" {
  description = "The SIP domain, or null for none. addresses: label to IPv4 block in CIDR notation."
  type = object({
    domain_name  = string
    registration = bool
    users        = set(string)
    addresses    = map(string)
  })
}

variable "sip_passwords" {
  description = "A password for every SIP user."
  type        = map(string)
  sensitive   = true
  nullable    = false
}
