# terraform test: no account, no network, nothing is made.
mock_provider "twilio" {}

variables {
  public_base_url    = "https://voice.example.com"
  voice_fallback_url = "https://handler.twilio.com/twiml/EH00000000000000000000000000000000"
}

run "nothing_is_bought_by_default" {
  command = plan

  assert {
    condition     = length(output.number_sids) == 0 && length(output.sip_domains) == 0
    error_message = "A bare apply must buy nothing."
  }
}

run "a_number_rings_the_hotline" {
  command = plan

  variables {
    phone_numbers = { main = { phone_number = "+14155550100" } }
  }

  assert {
    condition     = output.webhooks.voice == "https://voice.example.com/twilio/voice"
    error_message = "The voice URL is the hotline's route."
  }

  assert {
    condition     = output.numbers["main"].voice_url == output.webhooks.voice && output.numbers["main"].voice_method == "POST"
    error_message = "The number calls the voice URL by POST: the signature covers the form."
  }

  assert {
    condition     = output.numbers["main"].voice_fallback_url == var.voice_fallback_url
    error_message = "The fallback is the one given."
  }
}

run "a_trailing_slash_is_refused" {
  command = plan

  variables {
    public_base_url = "https://voice.example.com/"
  }

  expect_failures = [var.public_base_url]
}

run "a_fallback_on_the_hotline_itself_is_refused" {
  command = plan

  variables {
    voice_fallback_url = "https://voice.example.com/fallback"
  }

  expect_failures = [var.voice_fallback_url]
}
