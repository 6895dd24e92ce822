# The server type that somebody wants, and the server that may already have it.

variable "name" {
  description = "Server type"
  type        = string
}

variable "zone" {
  description = "Zone in which it is wanted"
  type        = string
}

variable "server_name" {
  description = "Name of the server that is to have it"
  type        = string
}

variable "tags" {
  description = "Tags of that server"
  type        = list(string)
}
