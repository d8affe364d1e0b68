variable "name" {
  description = "What this hotline's things are called in the Twilio console."
  type        = string
  default     = "hotline"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.name))
    error_message = "name is 1 to 40 lower-case letters, digits and dashes, and begins with a letter: hotline."
  }
}

variable "public_base_url" {
  description = "Where Twilio reaches the hotline, the same as PHONE_PUBLIC_URL: https://host or https://host:port."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", var.public_base_url))
    error_message = "public_base_url is https://host[:port] in lower case, with no path and no trailing slash: Twilio signs the URL as it is written here."
  }
}

variable "voice_fallback_url" {
  description = "TwiML for the time the hotline does not answer, hosted elsewhere: a TwiML Bin with the text of fallback.xml. Not the hotline's own host."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[^ ]*$", var.voice_fallback_url))
    error_message = "voice_fallback_url is an https:// URL with a path, such as that of a TwiML Bin."
  }

  validation {
    condition = !(
      can(regex("^https://([^/:]+)", lower(var.voice_fallback_url)))
      && can(regex("^https://([^/:]+)", lower(var.public_base_url)))
      && try(
        regex("^https://([^/:]+)", lower(var.voice_fallback_url))[0]
        == regex("^https://([^/:]+)", lower(var.public_base_url))[0],
        false
      )
    )
    error_message = "voice_fallback_url is on the hotline's own host and fails together with it. Host it elsewhere, for instance as a TwiML Bin."
  }
}

variable "phone_numbers" {
  description = "The hotline's numbers by a label that never changes (renaming one means moving its state). A number the account does not own yet is bought: the default buys nothing."
  type = map(object({
    phone_number  = string
    friendly_name = optional(string)
    address_sid   = optional(string)
    bundle_sid    = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for label in keys(var.phone_numbers) : can(regex("^[a-z][a-z0-9_-]{0,29}$", label))])
    error_message = "The labels of phone_numbers are 1 to 30 lower-case letters, digits, dashes and underscores, and begin with a letter: main, berlin."
  }

  validation {
    condition     = alltrue([for number in values(var.phone_numbers) : can(regex("^\\+[1-9][0-9]{6,14}$", number.phone_number))])
    error_message = "Every phone_number is written in E.164, with its plus and country code: +14155550100."
  }

  validation {
    condition     = length(distinct([for number in values(var.phone_numbers) : number.phone_number])) == length(var.phone_numbers)
    error_message = "A phone_number stands under two labels; each belongs to one."
  }

  validation {
    condition = alltrue([
      for number in values(var.phone_numbers) :
      (number.address_sid == null || can(regex("^AD[0-9a-f]{32}$", number.address_sid)))
      && (number.bundle_sid == null || can(regex("^BU[0-9a-f]{32}$", number.bundle_sid)))
    ])
    error_message = "An address_sid is AD and 32 hexadecimal digits, a bundle_sid BU and 32 hexadecimal digits."
  }
}

variable "sip" {
  description = "A SIP domain whose calls the hotline takes like those of the numbers; null for none. domain: the part before .sip.twilio.com. users: who may call with a password from sip_passwords. addresses: label to IPv4 block in CIDR notation that may call. With both, a call needs both. registration: telephones may register."
  type = object({
    domain       = string
    users        = optional(set(string), [])
    addresses    = optional(map(string), {})
    registration = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.sip == null || can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.sip.domain))
    error_message = "sip.domain is the part before .sip.twilio.com alone: lower-case letters, digits and dashes."
  }

  validation {
    condition     = try(length(var.sip.users) + length(var.sip.addresses), 1) > 0
    error_message = "sip names neither users nor addresses: Twilio would turn every call away. Name at least one."
  }

  validation {
    condition     = var.sip == null || alltrue([for user in try(var.sip.users, []) : can(regex("^[A-Za-z0-9._-]{1,32}$", user))])
    error_message = "A SIP user is 1 to 32 letters, digits, dots, dashes and underscores."
  }

  validation {
    condition = var.sip == null || alltrue([
      for block in values(try(var.sip.addresses, {})) :
      can(regex("^([0-9]{1,3}\\.){3}[0-9]{1,3}/(1[6-9]|2[0-9]|3[0-2])$", block)) && can(cidrhost(block, 0))
    ])
    error_message = "Each of sip.addresses is an IPv4 block from /16 to /32: 203.0.113.10/32."
  }

  validation {
    condition     = var.sip == null || !try(var.sip.registration, false) || length(try(var.sip.users, [])) > 0
    error_message = "sip.registration needs users: who registers proves it with a password."
  }
}

variable "sip_passwords" {
  description = "A password for every SIP user. Give it as TF_VAR_sip_passwords, not in a file. The provider keeps it in the state: see terraform/README.md."
  type        = map(string)
  default     = {}
  sensitive   = true
  nullable    = false

  validation {
    condition     = jsonencode(sort(nonsensitive(keys(var.sip_passwords)))) == jsonencode(sort(try(tolist(var.sip.users), [])))
    error_message = "sip_passwords holds exactly one password for every one of sip.users."
  }

  validation {
    condition = alltrue([
      for password in values(var.sip_passwords) :
      length(password) >= 12 && can(regex("[a-z]", password)) && can(regex("[A-Z]", password)) && can(regex("[0-9]", password))
    ])
    error_message = "Twilio takes SIP passwords of 12 characters and more with a lower-case letter, an upper-case letter and a digit."
  }
}
