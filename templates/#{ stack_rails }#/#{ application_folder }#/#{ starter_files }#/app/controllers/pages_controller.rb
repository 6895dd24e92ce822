# The pages that visitors see.
class PagesController < ApplicationController
  def home
  end
end
