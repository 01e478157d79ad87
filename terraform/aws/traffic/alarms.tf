locals {
  dimensions = {
    for colour, group in aws_lb_target_group.colour : colour => {
      LoadBalancer = local.load_balancer.arn_suffix
      TargetGroup  = group.arn_suffix
    }
  }
}

# AWS reports 5xx only where there were some, and requests only where there were any: no errors among requests are
# 0 per cent, no requests are no data.
resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each            = local.colours
  alarm_name          = "${var.application}-${each.key}-5xx"
  alarm_description   = "Per cent of requests that ${each.key} answers with 5xx."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.errors_percent
  datapoints_to_alarm = var.alarms.minutes
  evaluation_periods  = var.alarms.of_minutes
  treat_missing_data  = "missing"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = merge(local.tags, { Colour = each.key })

  metric_query {
    id          = "percent"
    label       = "5xx in per cent"
    expression  = "100 * FILL(errors, 0) / requests"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      dimensions  = local.dimensions[each.key]
      period      = 60
      stat        = "Sum"
    }
  }
  metric_query {
    id = "requests"
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      dimensions  = local.dimensions[each.key]
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  for_each            = local.colours
  alarm_name          = "${var.application}-${each.key}-latency"
  alarm_description   = "95th percentile of the response time of ${each.key} in seconds."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions          = local.dimensions[each.key]
  extended_statistic  = "p95"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.latency_seconds
  datapoints_to_alarm = var.alarms.minutes
  evaluation_periods  = var.alarms.of_minutes
  treat_missing_data  = "missing"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = merge(local.tags, { Colour = each.key })
}

resource "aws_cloudwatch_metric_alarm" "unhealthy_hosts" {
  for_each            = local.colours
  alarm_name          = "${var.application}-${each.key}-unhealthy-hosts"
  alarm_description   = "Targets of ${each.key} that fail the health check."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = local.dimensions[each.key]
  statistic           = "Maximum"
  period              = 60
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.unhealthy_targets
  datapoints_to_alarm = var.alarms.minutes
  evaluation_periods  = var.alarms.of_minutes
  treat_missing_data  = "missing"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = merge(local.tags, { Colour = each.key })
}
