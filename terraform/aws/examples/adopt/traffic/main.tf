# Gives an application that is behind a load balancer already its two colours: a rule on the listener that users come
# to, so that nothing changes for whatever else the listener serves.
#
# As long as the rule of today comes first (it has the lower priority), users are where they were. They come to the
# live colour when that rule is deleted; until it is, it can go on.

data "aws_lb" "this" {
  name = var.load_balancer
}

data "aws_lb_listener" "this" {
  load_balancer_arn = data.aws_lb.this.arn
  port              = var.listener_port
}

module "traffic" {
  source            = "../../../traffic"
  application       = var.application
  initial_live      = var.initial_live
  vpc_id            = data.aws_lb.this.vpc_id
  load_balancer_arn = data.aws_lb.this.arn
  listener_arn      = data.aws_lb_listener.this.arn
  rule              = { priority = var.priority, hosts = [var.hostname] }
  certificate_arn   = data.aws_lb_listener.this.certificate_arn == "" ? null : data.aws_lb_listener.this.certificate_arn
  hostname          = var.hostname
  target_type       = "ip"
  test_ports        = var.test_ports
  test_cidrs        = var.agent_cidrs
}

# The module leaves the security groups of a load balancer that it did not make alone.
resource "aws_vpc_security_group_ingress_rule" "test" {
  for_each = {
    for pair in setproduct(keys(var.test_ports), var.agent_cidrs) : join(" ", pair) => { colour = pair[0], cidr = pair[1] }
  }
  security_group_id = sort(data.aws_lb.this.security_groups)[0]
  description       = "Checks of ${var.application} ${each.value.colour}"
  ip_protocol       = "tcp"
  from_port         = var.test_ports[each.value.colour]
  to_port           = var.test_ports[each.value.colour]
  cidr_ipv4         = each.value.cidr
}

module "agent_policy" {
  source      = "../../../agent-policy"
  application = var.application
  rule_arns   = [module.traffic.rule]
  create      = true
}
