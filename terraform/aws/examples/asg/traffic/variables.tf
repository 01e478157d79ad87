variable "application" {
  description = "Name of the application, as in pitstop.yml."
  type        = string
  default     = "blog"
}

variable "initial_live" {
  description = "Colour that is live, if there was a release already: a listener that has to be made anew comes back with it."
  type        = string
  default     = "blue"
}

variable "vpc_cidr" {
  description = "Addresses of the VPC."
  type        = string
  default     = "10.20.0.0/16"
}

variable "certificate_arn" {
  description = "Certificate of the listeners; without one they speak HTTP, which is for a first look."
  type        = string
  default     = null
}

variable "hostname" {
  description = "Host name in the certificate, if there is one."
  type        = string
  default     = null
}

variable "agent_cidrs" {
  description = "Networks of the build nodes: they reach the test listeners and the database."
  type        = set(string)
}

variable "deletion_protection" {
  description = "Whether load balancer and database refuse to be deleted."
  type        = bool
  default     = true
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
