# The server type that somebody wants, and the server that may already have it.

variable "name" {
  description = "Server type"
  type        = string
}

variable "location" {
  description = "Location in which it is wanted"
  type        = string
}

variable "server_name" {
  description = "Name of the server that is to have it"
  type        = string
}

variable "label_selector" {
  description = "Labels of that server"
  type        = string
}
