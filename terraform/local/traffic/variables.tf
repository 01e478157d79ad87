# Whatever is changed here restarts the proxy; the split is kept.

variable "application" {
  description = "Name of the application."
  type        = string
}

variable "command" {
  description = "Shell command that is pitstop; \"proxy\" and its options are added."
  type        = string
  default     = "pitstop"
}

variable "listen_port" {
  description = "Port on 127.0.0.1 that users come to."
  type        = number
}

variable "admin_port" {
  description = "Port on 127.0.0.1 of the admin endpoint, by which the split is moved."
  type        = number
}

variable "blue_port" {
  description = "Port on 127.0.0.1 of the blue environment."
  type        = number
}

variable "green_port" {
  description = "Port on 127.0.0.1 of the green environment."
  type        = number
}

variable "health_path" {
  description = "Path that a colour answers with 200 when it can serve; begins with a slash."
  type        = string

  validation {
    condition     = startswith(var.health_path, "/")
    error_message = "The path begins with a slash."
  }
}

variable "run_dir" {
  description = "Folder for pid, log, token and split of the proxy, best absolute; .run beside this file if null."
  type        = string
  default     = null
}

variable "ready_timeout" {
  description = "Seconds that the proxy may take until it listens on its ports."
  type        = number
  default     = 30
}

variable "stop_timeout" {
  description = "Seconds that the proxy may take to finish what is in flight after SIGTERM, before it is killed."
  type        = number
  default     = 30
}
