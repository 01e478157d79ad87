variable "application" {
  description = "Name of the application, as in pitstop.yml."
  type        = string
  default     = "blog"
}

variable "initial_live" {
  description = "Colour that is live, if there was a release already: a rule that has to be made anew comes back with it."
  type        = string
  default     = "blue"
}

variable "load_balancer" {
  description = "Name of the load balancer that there is."
  type        = string
}

variable "listener_port" {
  description = "Port of its listener that users come to."
  type        = number
  default     = 443
}

variable "hostname" {
  description = "Host name of the application: requests for it are its own."
  type        = string
}

variable "priority" {
  description = "Priority of the rule, one that the listener does not have yet."
  type        = number
}

variable "test_ports" {
  description = "Port of the load balancer by which each colour is reached whatever the split is."
  type        = map(number)
  default     = { blue = 9001, green = 9002 }
}

variable "agent_cidrs" {
  description = "Networks of the build nodes: they reach the test listeners."
  type        = set(string)
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
