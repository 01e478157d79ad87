output "load_balancer" {
  description = "ARN of the load balancer."
  value       = local.load_balancer.arn
}

output "listener" {
  description = "ARN of the listener that users come to: traffic.alb.listener."
  value       = local.makes_listener ? aws_lb_listener.production[0].arn : var.listener_arn
}

output "rule" {
  description = "ARN of the rule whose action is split: traffic.alb.rule; null if it is the listener's default action."
  value       = one(aws_lb_listener_rule.production[*].arn)
}

output "target_groups" {
  description = "ARN of each colour's target group: traffic.alb.targetGroups."
  value       = { for colour, group in aws_lb_target_group.colour : colour => group.arn }
}

output "url" {
  description = "Where users come to."
  value = local.makes_listener ? "${local.scheme}://${local.hostname}:${local.port}" : (
    "${lower(data.aws_lb_listener.adopted[0].protocol)}://${local.hostname}:${data.aws_lb_listener.adopted[0].port}"
  )
}

output "test_urls" {
  description = "Where each colour answers whatever the split is."
  value       = { for colour in local.colours : colour => "${local.scheme}://${local.hostname}:${var.test_ports[colour]}" }
}

output "alarms" {
  description = "Names of the alarms of each colour: gates.cloudwatch."
  value = {
    for colour in local.colours : colour => [
      aws_cloudwatch_metric_alarm.errors[colour].alarm_name,
      aws_cloudwatch_metric_alarm.latency[colour].alarm_name,
      aws_cloudwatch_metric_alarm.unhealthy_hosts[colour].alarm_name,
    ]
  }
}

output "vpc_id" {
  description = "VPC of load balancer and targets."
  value       = var.vpc_id
}

output "subnet_ids" {
  description = "Subnets of the load balancer."
  value       = tolist(local.load_balancer.subnets)
}

output "security_group_ids" {
  description = "Security groups for the targets of both colours: the load balancer may reach them on target_port."
  value       = [aws_security_group.targets.id]
}

output "load_balancer_security_group_ids" {
  description = "Security groups of the load balancer."
  value       = local.security_groups
}
