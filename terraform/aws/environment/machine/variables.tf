variable "application" {
  description = "Name of the application."
  type        = string
}

variable "colour" {
  description = "Colour of the environment."
  type        = string
}

variable "app_version" {
  description = "Version to run."
  type        = string
}

variable "port" {
  description = "Port that the application listens on."
  type        = number
}

variable "environment" {
  description = "Environment variables for the application."
  type        = map(string)
}

variable "secrets" {
  description = "Environment variables by ARN of secret or parameter."
  type        = map(string)
}

variable "start" {
  description = "Shell commands that install and start the version."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which the log is kept."
  type        = number
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role; none if null."
  type        = string
}

variable "tags" {
  description = "All tags of what is made."
  type        = map(string)
}
