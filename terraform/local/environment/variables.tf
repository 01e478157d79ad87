variable "application" {
  description = "Name of the application; the process sees it as APPLICATION."
  type        = string
}

variable "colour" {
  description = "Which of the two environments this is; the process sees it as COLOUR."
  type        = string

  validation {
    condition     = contains(["blue", "green"], var.colour)
    error_message = "The colour is blue or green."
  }
}

variable "app_version" {
  description = "Version to run; the process sees it as APP_VERSION. Another version replaces the process."
  type        = string
}

variable "running" {
  description = "Whether the process runs; false ends it and keeps all else, so that the colour is back soon."
  type        = bool
  default     = true
}

variable "command" {
  description = "Shell command that serves HTTP on 127.0.0.1 at the port in PORT and stays in the foreground. It inherits the environment of the terraform command, which is how it gets its secrets: they are not in the state."
  type        = string
}

variable "blue_port" {
  description = "Port of the blue process."
  type        = number

  validation {
    condition     = var.blue_port > 0 && var.blue_port < 65536
    error_message = "A port is 1 to 65535."
  }
}

variable "green_port" {
  description = "Port of the green process."
  type        = number

  validation {
    condition     = var.green_port > 0 && var.green_port < 65536
    error_message = "A port is 1 to 65535."
  }
}

variable "run_dir" {
  description = "Folder for the pid and the log of both colours, best absolute; .run beside this file if null."
  type        = string
  default     = null
}

variable "ready_timeout" {
  description = "Seconds that the process may take until it listens on its port."
  type        = number
  default     = 60
}

variable "stop_timeout" {
  description = "Seconds that the process may take to end after SIGTERM, before it is killed."
  type        = number
  default     = 10
}
