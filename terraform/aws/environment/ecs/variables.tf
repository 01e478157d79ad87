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
  description = "Number of tasks that serve."
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

variable "image" {
  description = "Container image, without a tag: the tag is the version."
  type        = string
}

variable "cpu" {
  description = "CPU units of a task, of which 1024 are a processor; those that Fargate has."
  type        = number
  default     = 256
}

variable "memory" {
  description = "MiB of memory of a task; must go with cpu as Fargate says."
  type        = number
  default     = 512
}

variable "architecture" {
  description = "What the image is built for: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
}

variable "cluster_arn" {
  description = "ECS cluster to run in; one is made for this colour if null."
  type        = string
  default     = null
}

variable "task_role_arn" {
  description = "Role by which the application itself calls AWS."
  type        = string
  default     = null
}

variable "assign_public_ip" {
  description = "Whether tasks get public addresses; they need one to fetch the image where the subnets have no other way out."
  type        = bool
  default     = false
}

variable "startup_seconds" {
  description = "Seconds for which a new task is not replaced although it is not healthy yet."
  type        = number
  default     = 60
}

variable "stop_timeout" {
  description = "Seconds that a task has to end after SIGTERM, which comes after it was drained; at most 120."
  type        = number
  default     = 30
}
