output "listener" {
  description = "traffic.alb.listener."
  value       = module.traffic.listener
}

output "target_groups" {
  description = "traffic.alb.targetGroups."
  value       = module.traffic.target_groups
}

output "alarms" {
  description = "Alarms of each colour, for gates."
  value       = module.traffic.alarms
}

output "url" {
  description = "Where users come to."
  value       = module.traffic.url
}

output "test_urls" {
  description = "Where each colour answers whatever the split is."
  value       = module.traffic.test_urls
}

output "database_url" {
  description = "database.url."
  value       = module.database.url
}

output "database_secret" {
  description = "ARN of the secret with the database's username and password."
  value       = module.database.secret
}

output "agent_policy" {
  description = "ARN of the policy for the role of the build nodes."
  value       = module.agent_policy.policy_arn
}
