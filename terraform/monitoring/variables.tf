variable "project" {
  description = "Google Cloud project that the cluster's metrics are in."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is a Google Cloud project ID: 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "domain" {
  description = "Public host name of the hotline, as in PHONE_PUBLIC_URL without https://."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is a host name such as hotline.example.com, without https:// and without a path."
  }
}

variable "page_emails" {
  description = "Addresses that a page goes to, besides page_channels."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.page_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])
    error_message = "page_emails are e-mail addresses."
  }
}

variable "ticket_emails" {
  description = "Addresses that a ticket goes to, besides ticket_channels."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.ticket_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])
    error_message = "ticket_emails are e-mail addresses."
  }
}

variable "page_channels" {
  description = "Names of notification channels made by hand (PagerDuty, Slack): their keys stay out of the state."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.page_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", one))])
    error_message = "page_channels look like projects/PROJECT/notificationChannels/NUMBER (gcloud beta monitoring channels list)."
  }
}

variable "ticket_channels" {
  description = "As page_channels, for tickets."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.ticket_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", one))])
    error_message = "ticket_channels look like projects/PROJECT/notificationChannels/NUMBER (gcloud beta monitoring channels list)."
  }
}

variable "uptime_regions" {
  description = "Where /healthz is looked at from; Google wants three or more checkers, so one region of USA is not enough."
  type        = list(string)
  default     = ["USA_OREGON", "EUROPE", "ASIA_PACIFIC"]

  validation {
    condition = length(var.uptime_regions) >= 3 && alltrue([
      for one in var.uptime_regions :
      contains(["USA_OREGON", "USA_IOWA", "USA_VIRGINIA", "EUROPE", "SOUTH_AMERICA", "ASIA_PACIFIC"], one)
    ])
    error_message = "uptime_regions are three or more of USA_OREGON, USA_IOWA, USA_VIRGINIA, EUROPE, SOUTH_AMERICA, ASIA_PACIFIC."
  }
}

variable "metrics_arrived" {
  description = "Leave false for the first apply: Google then takes alerts on metrics that no pod has sent yet."
  type        = bool
  default     = false
}

variable "runbooks_url" {
  description = "Where the repository's docs can be read, as https://git.example.com/hotline/blob/main; empty: the path alone is shown."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(https://[^\\s]+[^/])?$", var.runbooks_url))
    error_message = "runbooks_url begins with https:// and does not end with a slash."
  }
}
