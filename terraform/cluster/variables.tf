variable "project" {
  description = "The Google Cloud project's id. The project exists and has billing."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is a project id, 6 to 30 lower-case letters, digits and dashes, not its number or title."
  }
}

variable "region" {
  description = "Where the cluster, the database and the images are."
  type        = string
  default     = "us-central1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]{1,2}$", var.region))
    error_message = "region is a region such as us-central1, not a zone such as us-central1-a."
  }
}

variable "name" {
  description = "What everything is called; two hotlines in one project have two names."
  type        = string
  default     = "hotline"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name is 3 to 20 lower-case letters, digits and dashes, and begins with a letter."
  }
}

variable "domain" {
  description = "The host name that Twilio and browsers call: voice.example.com."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is a host name alone, without https:// and without a dot at its end: voice.example.com."
  }
}

variable "dns_zone" {
  description = "The Cloud DNS managed zone of this project that holds the domain; null where its records are kept elsewhere (see the output dns_records)."
  type        = string
  default     = null

  validation {
    condition     = var.dns_zone == null || can(regex("^[a-z][a-z0-9-]{0,62}$", var.dns_zone))
    error_message = "dns_zone is a managed zone's name such as example-com, not a domain."
  }
}

variable "gemini_location" {
  description = "Where Vertex AI serves the live model: a region, us, eu or global."
  type        = string
  default     = "global"
  nullable    = false

  validation {
    condition     = can(regex("^(global|us|eu|[a-z]+-[a-z]+[0-9]{1,2})$", var.gemini_location))
    error_message = "gemini_location is global, us, eu or a region such as us-central1."
  }
}

variable "kubernetes" {
  description = "The namespace and the service account the hotline runs as; those of deploy/."
  type = object({
    namespace       = optional(string, "hotline")
    service_account = optional(string, "hotline")
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for name in [var.kubernetes.namespace, var.kubernetes.service_account] :
      can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))
    ])
    error_message = "The namespace and the service account are Kubernetes names: lower-case letters, digits and dashes."
  }
}

variable "deployer" {
  description = "Who builds and deploys, as an IAM member: serviceAccount:build@PROJECT.iam.gserviceaccount.com. null: nobody but the project's owners."
  type        = string
  default     = null

  validation {
    condition     = var.deployer == null || can(regex("^(serviceAccount|user|group|principal|principalSet):.+$", var.deployer))
    error_message = "deployer is an IAM member with its kind: serviceAccount:..., group:... ."
  }
}

variable "ranges" {
  description = "Address ranges of the network. pods bounds the pods: each node takes a /24 of it at most."
  type = object({
    nodes    = optional(string, "10.10.0.0/20")
    pods     = optional(string, "10.20.0.0/14")
    services = optional(string, "10.30.0.0/20")
    private  = optional(string, "10.40.0.0/20")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for range in values(var.ranges) : can(cidrhost(range, 0)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", range))])
    error_message = "Each of ranges is a private IPv4 range in CIDR notation: 10.10.0.0/20."
  }

  validation {
    condition     = tonumber(split("/", var.ranges.pods)[1]) <= 18
    error_message = "ranges.pods is /18 or larger: Autopilot gives every node a part of it."
  }
}

variable "nat_addresses" {
  description = "How many static addresses the hotline calls out from. More where many calls reach the same service at once."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.nat_addresses >= 1 && var.nat_addresses <= 16 && floor(var.nat_addresses) == var.nat_addresses
    error_message = "nat_addresses is a whole number from 1 to 16."
  }
}

variable "database" {
  description = "Cloud SQL for PostgreSQL. tier: the machine. highly_available: a standby in another zone. backups: how many daily ones are kept."
  type = object({
    version          = optional(string, "POSTGRES_17")
    tier             = optional(string, "db-custom-2-7680")
    disk_gb          = optional(number, 20)
    highly_available = optional(bool, true)
    backups          = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^POSTGRES_1[5-8]$", var.database.version))
    error_message = "database.version is POSTGRES_15 to POSTGRES_18."
  }

  validation {
    condition     = can(regex("^db-(custom-[0-9]+-[0-9]+|perf-optimized-N-[0-9]+)$", var.database.tier))
    error_message = "database.tier is a dedicated machine such as db-custom-2-7680; shared ones (db-f1-micro) have no service level."
  }

  validation {
    condition     = var.database.backups >= 7 && var.database.backups <= 365
    error_message = "database.backups is 7 to 365."
  }

  validation {
    condition     = var.database.disk_gb >= 10
    error_message = "database.disk_gb is 10 or more."
  }
}

variable "database_password" {
  description = "The hotline's database password, known to nobody: TF_VAR_database_password=$(openssl rand -hex 24). It counts at the first apply and whenever database_password_version is raised; it reaches neither the state nor the plan."
  type        = string
  ephemeral   = true
  sensitive   = true
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{24,128}$", var.database_password))
    error_message = "database_password is 24 to 128 letters, digits, dashes and underscores: $(openssl rand -hex 24)."
  }
}

variable "database_password_version" {
  description = "Raise it by one to rotate the database password."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.database_password_version >= 1 && floor(var.database_password_version) == var.database_password_version
    error_message = "database_password_version is a whole number, 1 or more."
  }
}

variable "secrets" {
  description = "Secrets that exist in Secret Manager and are filled in by hand, by the environment variable they become."
  type        = map(string)
  default = {
    TWILIO_AUTH_TOKEN          = "twilio-auth-token"
    TWILIO_PREVIOUS_AUTH_TOKEN = "twilio-previous-auth-token"
    TWILIO_API_KEY_SECRET      = "twilio-api-key-secret"
    MAIL_PASSWORD              = "mail-password"
  }
  nullable = false

  validation {
    condition     = alltrue([for variable, id in var.secrets : can(regex("^[A-Z][A-Z0-9_]*$", variable)) && can(regex("^[a-z][a-z0-9-]{0,62}$", id))])
    error_message = "secrets maps an environment variable to a secret's id: TWILIO_AUTH_TOKEN = \"twilio-auth-token\". Values do not belong here."
  }

  validation {
    condition     = !contains(keys(var.secrets), "DATABASE_URL")
    error_message = "DATABASE_URL is filled in by Terraform; leave it out of secrets."
  }
}

variable "deletion_protection" {
  description = "false lets the cluster and the secrets be destroyed. The database and the address need more: see terraform/README.md."
  type        = bool
  default     = true
  nullable    = false
}
