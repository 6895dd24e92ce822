# What all controllers share.
class ApplicationController < ActionController::Base
end
