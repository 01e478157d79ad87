locals {
  colours  = toset(["blue", "green"])
  weights  = { for colour in local.colours : colour => colour == var.initial_live ? 100 : 0 }
  tags     = merge(var.tags, { Application = var.application })
  scheme   = var.certificate_arn == null ? "http" : "https"
  protocol = upper(local.scheme)
  port     = coalesce(var.listener_port, var.certificate_arn == null ? 80 : 443)

  makes_balancer  = var.load_balancer_arn == null
  makes_listener  = var.listener_arn == null
  security_groups = local.makes_balancer ? [aws_security_group.load_balancer[0].id] : tolist(data.aws_lb.adopted[0].security_groups)
  load_balancer = {
    arn        = local.makes_balancer ? aws_lb.this[0].arn : data.aws_lb.adopted[0].arn
    arn_suffix = local.makes_balancer ? aws_lb.this[0].arn_suffix : data.aws_lb.adopted[0].arn_suffix
    dns_name   = local.makes_balancer ? aws_lb.this[0].dns_name : data.aws_lb.adopted[0].dns_name
    subnets    = local.makes_balancer ? aws_lb.this[0].subnets : data.aws_lb.adopted[0].subnets
  }
  hostname = coalesce(var.hostname, local.load_balancer.dns_name)
}

data "aws_lb" "adopted" {
  count = local.makes_balancer ? 0 : 1
  arn   = var.load_balancer_arn
}

data "aws_lb_listener" "adopted" {
  count = local.makes_listener ? 0 : 1
  arn   = var.listener_arn
}

resource "aws_lb" "this" {
  count                      = local.makes_balancer ? 1 : 0
  name                       = var.application
  internal                   = var.internal
  load_balancer_type         = "application"
  security_groups            = local.security_groups
  subnets                    = var.subnet_ids
  idle_timeout               = var.idle_timeout
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  tags                       = local.tags

  dynamic "access_logs" {
    for_each = var.access_logs[*]
    content {
      bucket  = access_logs.value.bucket
      prefix  = access_logs.value.prefix
      enabled = true
    }
  }

  lifecycle {
    precondition {
      condition     = var.listener_arn == null
      error_message = "A listener_arn goes with the load_balancer_arn that it belongs to."
    }
  }
}

# Both groups stay attached for ever, whatever their weight: one that no listener names is not health-checked, and its
# targets are "unused" at the moment they are to get traffic.
resource "aws_lb_target_group" "colour" {
  for_each             = local.colours
  name                 = "${var.application}-${each.key}"
  port                 = var.target_port
  protocol             = var.target_protocol
  target_type          = var.target_type
  vpc_id               = var.vpc_id
  deregistration_delay = var.deregistration_delay
  tags                 = merge(local.tags, { Colour = each.key })

  health_check {
    path                = var.health_check.path
    protocol            = var.target_protocol
    matcher             = var.health_check.matcher
    interval            = var.health_check.interval
    timeout             = var.health_check.timeout
    healthy_threshold   = var.health_check.healthy_threshold
    unhealthy_threshold = var.health_check.unhealthy_threshold
  }
}

# The split is moved by Pitstop. Terraform says how it begins and then leaves the whole action alone: if it were to
# change any part of it, it would send the weights along as they were when the plan was made.
resource "aws_lb_listener" "production" {
  count             = local.makes_listener ? 1 : 0
  load_balancer_arn = local.load_balancer.arn
  port              = local.port
  protocol          = local.protocol
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.certificate_arn == null ? null : var.ssl_policy
  tags              = local.tags

  default_action {
    type = "forward"
    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.colour
        content {
          arn    = target_group.value.arn
          weight = local.weights[target_group.key]
        }
      }
      stickiness {
        enabled  = var.stickiness.enabled
        duration = var.stickiness.duration
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
    precondition {
      condition     = var.rule == null
      error_message = "A rule goes with the listener_arn that it is added to."
    }
  }
}

resource "aws_lb_listener_rule" "production" {
  count        = local.makes_listener ? 0 : 1
  listener_arn = var.listener_arn
  priority     = var.rule.priority
  tags         = local.tags

  dynamic "condition" {
    for_each = length(var.rule.hosts) == 0 ? [] : [var.rule.hosts]
    content {
      host_header { values = condition.value }
    }
  }
  dynamic "condition" {
    for_each = length(var.rule.paths) == 0 ? [] : [var.rule.paths]
    content {
      path_pattern { values = condition.value }
    }
  }

  action {
    type = "forward"
    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.colour
        content {
          arn    = target_group.value.arn
          weight = local.weights[target_group.key]
        }
      }
      stickiness {
        enabled  = var.stickiness.enabled
        duration = var.stickiness.duration
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
    precondition {
      condition     = var.rule != null
      error_message = "A listener_arn goes with the rule that is added to it."
    }
  }
}

resource "aws_lb_listener" "test" {
  for_each          = local.colours
  load_balancer_arn = local.load_balancer.arn
  port              = var.test_ports[each.key]
  protocol          = local.protocol
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.certificate_arn == null ? null : var.ssl_policy
  tags              = merge(local.tags, { Colour = each.key })

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.colour[each.key].arn
  }
}

resource "aws_route53_record" "colour" {
  for_each       = var.records == null ? [] : local.colours
  zone_id        = var.records.zone_id
  name           = var.records.name
  type           = "CNAME"
  ttl            = var.records.ttl
  records        = [var.records.targets[each.key]]
  set_identifier = each.key

  weighted_routing_policy {
    weight = local.weights[each.key]
  }

  lifecycle {
    ignore_changes = [weighted_routing_policy]
  }
}
