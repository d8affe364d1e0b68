"""What Terraform applied to the Twilio account, compared with what is there."""
