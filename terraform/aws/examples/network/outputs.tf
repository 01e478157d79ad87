output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets that the Internet reaches, for the load balancer."
  value       = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  description = "Subnets with no way in but by the load balancer, for the application and the database."
  value       = aws_subnet.private[*].id

  # Nothing there starts before there is a way out.
  depends_on = [aws_route_table_association.private]
}
