output "url" {
  description = "Where this colour answers whatever the split is."
  value       = module.environment.url
}

output "app_version" {
  description = "Version that runs."
  value       = module.environment.app_version
}

output "release" {
  description = "Release that brought it."
  value       = module.environment.release
}

output "colour" {
  description = "Colour that this state holds."
  value       = module.environment.colour
}

output "log" {
  description = "CloudWatch log group with what the application prints."
  value       = module.environment.log
}

output "restart" {
  description = "Addresses of what to replace if the colour does not answer although its plan is clean."
  value       = [for address in module.environment.restart : "module.environment.${address}"]
}
