variable "application" {
  description = "Name of the application; it sees it as APPLICATION."
  type        = string
}

variable "colour" {
  description = "Which of the two environments this is; the application sees it as COLOUR."
  type        = string

  validation {
    condition     = contains(["blue", "green"], var.colour)
    error_message = "The colour is blue or green."
  }
}

variable "app_version" {
  description = "Version to run; the application sees it as APP_VERSION."
  type        = string
}

variable "release" {
  description = "Release that brings the version: a tag, nothing is replaced for it."
  type        = string
  default     = null
}

variable "running" {
  description = "Whether there is compute; false keeps all else, so that the colour is back soon."
  type        = bool
  default     = true
}

variable "capacity" {
  description = "Number of instances that serve."
  type        = number
  default     = 2

  validation {
    condition     = var.capacity >= 1
    error_message = "The capacity is at least 1; set running to false for none."
  }
}

variable "target_group_arn" {
  description = "Target group of this colour, made by module traffic."
  type        = string
}

variable "url" {
  description = "Where this colour answers whatever the split is: test_urls of module traffic. It becomes the output url once the targets are healthy."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets to run in, best in several availability zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "There is at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Security groups, that of module traffic among them."
  type        = list(string)
}

variable "port" {
  description = "Port that the application listens on; it sees it as PORT."
  type        = number
  default     = 8080
}

variable "environment" {
  description = "Environment variables for the application. No secrets: they are in the state."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Environment variables for the application that come from Secrets Manager or SSM: name to ARN of the secret or parameter, to which :key:: may be added for one value of a secret that is JSON. The values are neither in the state nor in the plan."
  type        = map(string)
  default     = {}
}

variable "wait_timeout" {
  description = "Seconds that the targets may take to become healthy, before the apply fails; 0 does not wait."
  type        = number
  default     = 600
}

variable "log_retention_days" {
  description = "Days for which the log is kept."
  type        = number
  default     = 30
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the roles that are made."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything that is made, beside Application, Colour, Version and Release."
  type        = map(string)
  default     = {}
}

variable "ami_id" {
  description = "Image of the instances. Name one rather than the newest, so that a plan changes only what a person changed."
  type        = string
}

variable "instance_type" {
  description = "Type of the instances."
  type        = string
  default     = "t3.small"
}

variable "start" {
  description = "Shell commands that install and start the version at the first boot, as root, with APPLICATION, COLOUR, APP_VERSION, PORT, LOG_GROUP, environment and secrets exported. Secrets need the AWS command line in the image, and python3 if one is JSON."
  type        = string
}
