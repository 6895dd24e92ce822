# Rails 7.1 and newer bring this controller; an older one gets it in test copies.
class Rails::HealthController < ActionController::Base
  def show
    head :ok
  end
end
