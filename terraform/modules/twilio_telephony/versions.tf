terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    twilio = {
      source  = "twilio/twilio"
      version = "= 0.18.46"
    }
  }
}
