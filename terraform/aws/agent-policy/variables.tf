variable "application" {
  description = "Name of the application: names the policy."
  type        = string
}

variable "listener_arns" {
  description = "Listeners whose default action the agent may change: output listener of module traffic, unless it has a rule."
  type        = list(string)
  default     = []
}

variable "rule_arns" {
  description = "Rules whose action the agent may change: output rule of module traffic."
  type        = list(string)
  default     = []
}

variable "hosted_zone_ids" {
  description = "Route 53 zones whose weighted records the agent may change; none of the traffic is switched by DNS if empty."
  type        = list(string)
  default     = []
}

variable "record_names" {
  description = "Names of the records in those zones that may be changed, in lower case and without the dot at the end; any if empty."
  type        = list(string)
  default     = []
}

variable "secret_arns" {
  description = "Secrets Manager secrets that the agent may read: the password of the database."
  type        = list(string)
  default     = []
}

variable "parameter_arns" {
  description = "SSM parameters that the agent may read: the password of the database."
  type        = list(string)
  default     = []
}

variable "kms_key_arns" {
  description = "KMS keys that encrypt those secrets or parameters; none is needed for the keys that AWS manages."
  type        = list(string)
  default     = []
}

variable "role_arns" {
  description = "Roles that the agent may assume."
  type        = list(string)
  default     = []
}

variable "create" {
  description = "Whether to make an IAM policy of it, or to give it as JSON only."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of the policy, beside Application."
  type        = map(string)
  default     = {}
}
