# What splits the traffic, as small as it can be, for ApplyTrafficOnMotoTest.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  backend "local" {}
}

provider "aws" {
  max_retries = 2
}

variable "application" {
  type = string
}

variable "initial_live" {
  type    = string
  default = "blue"
}

variable "vpc_id" {
  type = string
}

variable "load_balancer_arn" {
  type = string
}

resource "aws_lb_target_group" "colour" {
  for_each = toset(["blue", "green"])
  name     = "${var.application}-${each.key}"
  port     = 80
  protocol = "HTTP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = var.load_balancer_arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "forward"
    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.colour
        content {
          arn    = target_group.value.arn
          weight = target_group.key == var.initial_live ? 100 : 0
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

output "listener" {
  value = aws_lb_listener.this.arn
}
