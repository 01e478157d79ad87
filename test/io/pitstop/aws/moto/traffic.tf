# moto does not keep the description of a rule that refers to a security group.
resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  description = null
}
resource "aws_vpc_security_group_ingress_rule" "targets" {
  description = null
}
