output "listener" {
  description = "ARN of the listener: traffic.alb.listener of pitstop.yml."
  value       = module.traffic.listener
}

output "blue_group" {
  description = "ARN of blue's target group: traffic.alb.targetGroups.blue of pitstop.yml."
  value       = module.traffic.target_groups["blue"]
}

output "green_group" {
  description = "ARN of green's target group: traffic.alb.targetGroups.green of pitstop.yml."
  value       = module.traffic.target_groups["green"]
}
