# moto does not keep the description of a rule that refers to a security group, nor performance insights.
resource "aws_vpc_security_group_ingress_rule" "application" {
  description = null
}
resource "aws_db_instance" "this" {
  performance_insights_enabled = false
}
