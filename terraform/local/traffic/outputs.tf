# All come from the start: nothing may be said of what did not start.

output "url" {
  description = "Where users come to."
  value       = terraform_data.start.output.url
}

output "admin" {
  description = "Base address of the admin endpoint: traffic.local.admin of pitstop.yml."
  value       = terraform_data.start.output.admin
}

output "token_file" {
  description = "File that holds the token of the admin endpoint: traffic.local.tokenFile of pitstop.yml."
  value       = terraform_data.start.output.token_file
}

output "log" {
  description = "File with what the proxy prints."
  value       = terraform_data.start.output.log
}

output "restart" {
  description = "Addresses of what to replace if the proxy has died: Terraform does not see that."
  value       = terraform_data.start.output.restart
}
