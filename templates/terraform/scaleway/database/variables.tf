# What the database needs to know.

variable "project_name" {
  description = "Name of the project"
  type        = string
}

variable "environment" {
  description = "Name of the environment"
  type        = string
}

variable "region" {
  description = "Region of Scaleway"
  type        = string
}

variable "server_id" {
  description = "The server that may reach it"
  type        = string
}

variable "type" {
  description = "Node type at Scaleway"
  type        = string

  validation {
    condition     = can(regex("^DB-[A-Z0-9-]+$", var.type))
    error_message = "database_type must be a node type of Scaleway, such as DB-DEV-S."
  }
}

variable "password" {
  description = "Password of the user app"
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "password_version" {
  description = "Counts the passwords"
  type        = number
}
