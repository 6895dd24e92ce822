# The way in for the web server.
require_relative "config/environment"

run Rails.application
