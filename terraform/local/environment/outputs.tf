# All come from the start: nothing may be said of what did not start.

output "url" {
  description = "Where this colour answers by its own address, whatever the split is."
  value       = terraform_data.start.output.url
}

output "app_version" {
  description = "Version that runs."
  value       = terraform_data.start.output.app_version
}

output "colour" {
  description = "Which of the two environments this is."
  value       = terraform_data.start.output.colour
}

output "log" {
  description = "File with what the process prints."
  value       = terraform_data.start.output.log
}

output "restart" {
  description = "Addresses of what to replace if the colour does not answer although its plan is clean: Terraform does not see that a process has died."
  value       = terraform_data.start.output.restart
}
