variable "application" {
  description = "Name of the application; names the instance and, with underscores, the database in it."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the database."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in two availability zones."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Security groups of the application's targets."
  type        = list(string)
}

variable "agent_cidrs" {
  description = "Networks of the build nodes, which migrate the schema."
  type        = set(string)
}

variable "engine_version" {
  description = "Version of PostgreSQL, 13 or later."
  type        = string
  default     = "17"
}

variable "instance_class" {
  description = "Size of the database. It has to take the connections of both colours at once."
  type        = string
  default     = "db.t4g.small"
}

variable "storage_gib" {
  description = "GiB of storage: a backfill and an archive need room beside the data."
  type        = number
  default     = 50
}

variable "multi_az" {
  description = "Whether there is a standby in another availability zone."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether the instance refuses to be deleted, and is kept as a snapshot when it is."
  type        = bool
  default     = true
}
