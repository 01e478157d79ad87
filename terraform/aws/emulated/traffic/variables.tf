variable "application" {
  description = "Name of the application."
  type        = string
}

variable "initial_live" {
  description = "Colour that gets all requests when the listener is made."
  type        = string
  default     = "blue"
}

variable "vpc_id" {
  description = "VPC of the load balancer."
  type        = string
}

variable "load_balancer_arn" {
  description = "Load balancer that the listener belongs to."
  type        = string
}
