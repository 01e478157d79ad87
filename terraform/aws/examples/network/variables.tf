variable "application" {
  description = "Name of the application; tag Application of everything that is made."
  type        = string
}

variable "cidr" {
  description = "Addresses of the VPC, a /24 or larger."
  type        = string
}
