output "url" {
  description = "Address of the database: database.url."
  value       = "jdbc:postgresql://${aws_db_instance.this.endpoint}/${aws_db_instance.this.db_name}"
}

output "secret" {
  description = "ARN of the secret with username and password: database.secret."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}
