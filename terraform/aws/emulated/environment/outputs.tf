output "url" {
  description = "Where this colour answers by its own address, whatever the split is."
  value       = module.process.url
  depends_on  = [aws_lb_target_group_attachment.process]
}

output "app_version" {
  description = "Version that runs."
  value       = module.process.app_version
  depends_on  = [aws_lb_target_group_attachment.process]
}

output "colour" {
  description = "Which of the two environments this is."
  value       = module.process.colour
}

output "log" {
  description = "File with what the process prints."
  value       = module.process.log
}

output "restart" {
  description = "Addresses of what to replace if the colour does not answer although its plan is clean."
  value       = [for address in module.process.restart : "module.process.${address}"]
}
