terraform {
  # Cross-variable validation needs 1.9; write-only arguments, used by the cluster, 1.11.
  required_version = ">= 1.11, < 2.0"

  required_providers {
    twilio = {
      source = "twilio/twilio"
      # Exactly: docs/adr/0006-twilio-provider.md.
      version = "= 0.18.46"
    }
  }

  # The bucket is given at init: -backend-config=bucket=NAME. Numbers have a state of their own.
  backend "gcs" {
    prefix = "hotline/telephony"
  }
}

# Account and key come from TWILIO_ACCOUNT_SID, TWILIO_API_KEY and TWILIO_API_SECRET.
provider "twilio" {}
