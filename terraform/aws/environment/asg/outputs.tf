# All wait for the compute: nothing may be said of what did not start.

output "url" {
  description = "Where this colour answers by its own address, whatever the split is."
  value       = var.url
  depends_on  = [aws_autoscaling_group.this]
}

output "app_version" {
  description = "Version that runs."
  value       = var.app_version
  depends_on  = [aws_autoscaling_group.this]
}

output "release" {
  description = "Release that brought it."
  value       = var.release
  depends_on  = [aws_autoscaling_group.this]
}

output "colour" {
  description = "Which of the two environments this is."
  value       = var.colour
  depends_on  = [aws_autoscaling_group.this]
}

output "log" {
  description = "CloudWatch log group with what the application prints."
  value       = module.machine.log_group
  depends_on  = [aws_autoscaling_group.this]
}

output "restart" {
  description = "Addresses, in this module, of what to replace if the colour does not answer although its plan is clean."
  value       = ["aws_autoscaling_group.this"]
  depends_on  = [aws_autoscaling_group.this]
}
