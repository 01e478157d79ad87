# All wait for the compute: nothing may be said of what did not start.

output "url" {
  description = "Where this colour answers by its own address, whatever the split is."
  value       = var.url
  depends_on  = [aws_ecs_service.this]
}

output "app_version" {
  description = "Version that runs."
  value       = var.app_version
  depends_on  = [aws_ecs_service.this]
}

output "release" {
  description = "Release that brought it."
  value       = var.release
  depends_on  = [aws_ecs_service.this]
}

output "colour" {
  description = "Which of the two environments this is."
  value       = var.colour
  depends_on  = [aws_ecs_service.this]
}

output "log" {
  description = "CloudWatch log group with what the application prints."
  value       = aws_cloudwatch_log_group.this.name
  depends_on  = [aws_ecs_service.this]
}

output "restart" {
  description = "Addresses, in this module, of what to replace if the colour does not answer although its plan is clean."
  value       = ["aws_ecs_service.this"]
  depends_on  = [aws_ecs_service.this]
}
