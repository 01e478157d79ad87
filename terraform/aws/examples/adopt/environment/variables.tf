variable "application" {
  description = "Name of the application; Pitstop gives it."
  type        = string
}

variable "colour" {
  description = "Colour that this state holds; Pitstop gives it."
  type        = string
}

variable "app_version" {
  description = "Version to run; Pitstop gives it."
  type        = string
}

variable "release" {
  description = "Release that brings it; Pitstop gives it."
  type        = string
  default     = null
}

variable "running" {
  description = "Whether there is compute; Pitstop gives false to scale an idle colour down."
  type        = bool
  default     = true
}

variable "capacity" {
  description = "Number of tasks."
  type        = number
  default     = 2
}

variable "hostname" {
  description = "Host name by which the test listeners are asked, if they have a certificate; the load balancer's own if null."
  type        = string
  default     = null
}

variable "test_ports" {
  description = "Test listener of each colour, as in the traffic configuration."
  type        = map(number)
  default     = { blue = 9001, green = 9002 }
}

variable "wait_timeout" {
  description = "Seconds that the targets may take to become healthy."
  type        = number
  default     = 600
}

variable "image" {
  description = "Container image, without a tag: the tag is the version."
  type        = string
}

variable "load_balancer" {
  description = "Name of the load balancer, as in the traffic configuration."
  type        = string
}

variable "subnets" {
  description = "Value of the tag Name of the subnets to run in; * stands for anything."
  type        = string
}

variable "default_tags" {
  description = "Tags of everything, beside those of the modules."
  type        = map(string)
  default     = { ManagedBy = "terraform" }
}

variable "aws_max_retries" {
  description = "How often the provider repeats a call to AWS that failed for a passing reason."
  type        = number
  default     = 25
}
