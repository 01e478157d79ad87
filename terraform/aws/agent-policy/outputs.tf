output "json" {
  description = "The policy as JSON."
  value       = local.json
}

output "policy_arn" {
  description = "ARN of the policy; null if it was not made."
  value       = one(aws_iam_policy.agent[*].arn)
}
