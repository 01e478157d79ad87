variable "application" {
  description = "Name of the application, as in pitstop.yml: begins the name of everything that is made."
  type        = string

  validation {
    # A target group has at most 32 characters, of which "-green" takes six.
    condition     = can(regex("^[a-z][a-z0-9-]{0,24}[a-z0-9]$", var.application))
    error_message = "The application is 2 to 26 lower case letters, digits and hyphens, and begins with a letter."
  }
}

variable "initial_live" {
  description = "Colour that gets all requests of a listener, rule or record at the moment it is made. Later it changes nothing, unless one of them is replaced: so always give the colour that is live; Pitstop does, as TF_VAR_initial_live."
  type        = string
  default     = "blue"

  validation {
    condition     = contains(["blue", "green"], var.initial_live)
    error_message = "The colour is blue or green."
  }
}

variable "vpc_id" {
  description = "VPC of the load balancer and of the targets."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the load balancer that is made, in two availability zones or more; empty if load_balancer_arn is given."
  type        = list(string)
  default     = []
}

variable "load_balancer_arn" {
  description = "Application Load Balancer to use; one is made if null. It must be known before apply. Its security groups are left as they are: they must let test_cidrs reach the test ports."
  type        = string
  default     = null
}

variable "listener_arn" {
  description = "Listener of load_balancer_arn that gets the rule below, if it serves others too; null makes one of our own, whose default action is split."
  type        = string
  default     = null
}

variable "rule" {
  description = "What of the listener's requests belongs to the application: any of the host names and of the paths, whichever are given. Goes with listener_arn. A priority is used once in a listener."
  type = object({
    priority = number
    hosts    = optional(list(string), [])
    paths    = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.rule == null ? true : length(var.rule.hosts) + length(var.rule.paths) > 0
    error_message = "A rule has hosts or paths."
  }
}

variable "internal" {
  description = "Whether the load balancer that is made has private addresses only."
  type        = bool
  default     = false
}

variable "certificate_arn" {
  description = "Certificate of the listeners, which then speak HTTPS; HTTP if null, which is for tests."
  type        = string
  default     = null
}

variable "ssl_policy" {
  description = "TLS versions and ciphers of the listeners."
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}

variable "listener_port" {
  description = "Port that users come to; 443, or 80 without a certificate, if null."
  type        = number
  default     = null
}

variable "test_ports" {
  description = "Port by which each colour is reached whatever the split is. The test listener also keeps the group attached, so that its targets are health-checked."
  type        = object({ blue = number, green = number })
  default     = { blue = 9001, green = 9002 }

  validation {
    condition     = var.test_ports.blue != var.test_ports.green
    error_message = "Each colour has a test port of its own."
  }
}

variable "hostname" {
  description = "Host name of the outputs url and test_urls, one that the certificate names; the load balancer's own if null."
  type        = string
  default     = null
}

variable "user_cidrs" {
  description = "Networks that may reach the listener."
  type        = set(string)
  default     = ["0.0.0.0/0"]
}

variable "test_cidrs" {
  description = "Networks that may reach the test listeners: that of the build nodes, for health checks and smoke tests of the idle colour."
  type        = set(string)
}

variable "target_type" {
  description = "What a target is: ip for ECS tasks on Fargate, instance for instances and Auto Scaling groups."
  type        = string
  default     = "instance"

  validation {
    condition     = contains(["ip", "instance"], var.target_type)
    error_message = "The target type is ip or instance."
  }
}

variable "target_port" {
  description = "Port that the application listens on."
  type        = number
  default     = 8080
}

variable "target_protocol" {
  description = "What the load balancer speaks with the targets: HTTP or HTTPS."
  type        = string
  default     = "HTTP"

  validation {
    condition     = contains(["HTTP", "HTTPS"], var.target_protocol)
    error_message = "The protocol is HTTP or HTTPS."
  }
}

variable "health_check" {
  description = "How the load balancer tells that a target can serve. Interval and timeout are seconds; a target becomes healthy after interval x healthy_threshold."
  type = object({
    path                = optional(string, "/health")
    matcher             = optional(string, "200")
    interval            = optional(number, 10)
    timeout             = optional(number, 5)
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 2)
  })
  default = {}
}

variable "deregistration_delay" {
  description = "Seconds that a target which is taken away has for the requests that are in flight: longer than the slowest of them."
  type        = number
  default     = 30

  validation {
    condition     = var.deregistration_delay >= 0 && var.deregistration_delay <= 3600
    error_message = "The delay is 0 to 3600 seconds."
  }
}

variable "stickiness" {
  description = "Whether a user stays on the colour of the first answer, and for how many seconds. It makes a switch take that long for users who are there. It counts when a listener or rule is made; after that it belongs to the split."
  type = object({
    enabled  = optional(bool, false)
    duration = optional(number, 3600)
  })
  default = {}
}

variable "idle_timeout" {
  description = "Seconds that the load balancer that is made keeps a connection on which nothing happens. The application's own must be longer, or users get 502."
  type        = number
  default     = 60
}

variable "deletion_protection" {
  description = "Whether the load balancer that is made refuses to be deleted."
  type        = bool
  default     = false
}

variable "access_logs" {
  description = "Bucket for the access logs of the load balancer that is made, whose policy lets Elastic Load Balancing write, and a prefix; no logs if null."
  type = object({
    bucket = string
    prefix = optional(string)
  })
  default = null
}

variable "alarms" {
  description = "When the alarms of a colour go off: per cent of requests that its targets answer with 5xx, 95th percentile of their response time in seconds, number of unhealthy targets that is too many; and for how many minutes of the last ones. A colour without requests has no data, which is no good news: such an alarm is INSUFFICIENT_DATA, not OK."
  type = object({
    errors_percent    = optional(number, 1)
    latency_seconds   = optional(number, 1)
    unhealthy_targets = optional(number, 1)
    minutes           = optional(number, 1)
    of_minutes        = optional(number, 2)
  })
  default = {}
}

variable "alarm_actions" {
  description = "ARNs of what is told when an alarm goes off or ends, such as an SNS topic. Alarms of the idle colour go off too."
  type        = list(string)
  default     = []
}

variable "records" {
  description = "Weighted Route 53 records, one per colour with set_identifier blue and green, for those who switch by DNS: zone, name, seconds to live, and the host name of each colour. None if null."
  type = object({
    zone_id = string
    name    = string
    ttl     = optional(number, 60)
    targets = object({ blue = string, green = string })
  })
  default = null
}

variable "tags" {
  description = "Tags of everything that is made, beside Application and Colour."
  type        = map(string)
  default     = {}
}
