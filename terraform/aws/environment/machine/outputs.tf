output "user_data" {
  description = "Script of the first boot."
  value = templatefile("${path.module}/start.sh.tftpl", {
    variables = local.variables
    secrets   = local.secrets
    start     = var.start
  })
}

output "instance_profile" {
  description = "Name of the instance profile."
  value       = aws_iam_instance_profile.this.name
  # An instance starts with its rights, not before them.
  depends_on = [aws_iam_role_policy.this]
}

output "log_group" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}
